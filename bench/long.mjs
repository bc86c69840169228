import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { runCommand } from './processes.mjs'

const rounds = [10_000, 100_000]
const bytes = 5 * 1024 ** 3

/** What must not grow with the work: the rate and the memory of one run of 100,000 requests, and those of a 5 GiB object. */
export async function long({ environment, bulkUrl }) {
  const folder = mkdtempSync(`${tmpdir()}/osrun-bench-`)
  const figures = []
  const run = (recipe, ...flags) => {
    writeFileSync(`${folder}/long.yaml`, `osrun: 1\nname: long\n${recipe}`)
    const { stdout, milliseconds } = runCommand(
      'node',
      ['bench/resident.cjs', `${folder}/long.yaml`, '--quiet', ...flags],
      environment,
    )
    return { milliseconds, resident: Number(/resident (\d+)/.exec(stdout)[1]) / 1024 }
  }
  try {
    const rates = rounds.map((count) => {
      const { milliseconds, resident } = run(hundred, '--repeat', `${count / 100}`)
      const rate = (count / milliseconds) * 1000
      const what = `${count.toLocaleString('en')} requests in one run`
      figures.push({ what, value: rate, unit: '/s' })
      figures.push({ what: `${what}: resident`, value: resident, unit: 'MiB', target: { atMost: 150 } })
      return rate
    })
    figures.push({
      what: 'rate of 100,000 requests / rate of 10,000',
      value: rates[1] / rates[0],
      unit: 'x',
      target: { atLeast: 0.9 },
    })
    writeFileSync(`${folder}/large`, '')
    // Sparse: it costs no disk.
    truncateSync(`${folder}/large`, bytes)
    for (const [what, request] of [
      ['upload', `{ method: PUT, url: "${bulkUrl}/large", file: large, expect: 201 }`],
      ['download', `{ url: "${bulkUrl}/${bytes}", save-to: /dev/null, expect: 200 }`],
    ]) {
      const { resident } = run(`steps:\n  - request: ${request}\n    timeout: 15m\n`)
      figures.push({
        what: `${what} of 5 GiB: resident`,
        value: resident,
        unit: 'MiB',
        target: { atMost: 150 },
      })
    }
    return figures
  } finally {
    rmSync(folder, { recursive: true })
  }
}

// A hundred HEADs with their asserts.
const hundred = `steps:
  - authenticate:
  - pick-endpoint: object-store
${'  - request: HEAD /photos/fullsize/ovh-summit-2014-backstage-DS.jpg\n  - assert: { status: 200 }\n'.repeat(100)}`
