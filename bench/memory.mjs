import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { runCommand } from './processes.mjs'

const bytes = 1024 ** 3

/** Resident memory at its highest while 1 GiB goes up or comes down, streamed and hashed. */
export async function memory({ bulkUrl, environment }) {
  const folder = mkdtempSync(`${tmpdir()}/osrun-bench-`)
  try {
    writeFileSync(`${folder}/large`, '')
    // Sparse: it costs no disk.
    truncateSync(`${folder}/large`, bytes)
    const figures = []
    for (const [what, step] of [
      [
        'upload of 1 GiB',
        `request: { method: PUT, url: "${bulkUrl}/large", file: large, expect: 201 }\n    timeout: 5m`,
      ],
      [
        'download of 1 GiB',
        `request: { url: "${bulkUrl}/${bytes}", save-to: saved, expect: 200 }\n    timeout: 5m`,
      ],
    ]) {
      writeFileSync(`${folder}/large.yaml`, `osrun: 1\nname: large\nsteps:\n  - ${step}\n`)
      const { stdout, milliseconds } = runCommand(
        'node',
        ['bench/resident.cjs', `${folder}/large.yaml`],
        environment,
      )
      const resident = Number(/resident (\d+)/.exec(stdout)[1]) / 1024
      figures.push({ what: `${what}: resident`, value: resident, unit: 'MiB', target: { atMost: 150 } })
      figures.push({ what: `${what}: rate`, value: bytes / 1024 ** 2 / (milliseconds / 1000), unit: 'MiB/s' })
    }
    return figures
  } finally {
    rmSync(folder, { recursive: true })
  }
}
