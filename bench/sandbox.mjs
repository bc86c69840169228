import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { runCommand } from './processes.mjs'

/** What the sandbox serves to others, asked by bare undici, and the memory that it holds meanwhile. */
export async function sandbox() {
  const folder = mkdtempSync(`${tmpdir()}/osrun-bench-`)
  try {
    const small = serve('small', [])
    const kept = serve('small', ['--data', `${folder}/small`])
    const containers = serve('containers', [])
    const large = serve('large', ['--data', `${folder}/large`])
    return [
      { what: 'PUT of 1 kB, 8 at a time', value: small.puts, unit: '/s', target: { atLeast: 2000 } },
      { what: 'GET of 1 kB, 8 at a time', value: small.gets, unit: '/s', target: { atLeast: 2000 } },
      { what: 'PUT of 1 kB, 8 at a time, kept in a folder', value: kept.puts, unit: '/s' },
      { what: 'GET of 1 kB, 8 at a time, kept in a folder', value: kept.gets, unit: '/s' },
      { what: '10,000 containers: the listing of all', value: containers.listing, unit: 'ms' },
      { what: '10,000 containers: resident', value: containers.resident, unit: 'MiB' },
      {
        what: '1 GiB up and down, kept in a folder: resident',
        value: large.resident,
        unit: 'MiB',
        target: { atMost: 200 },
      },
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function serve(load, options) {
  const command = ['node', 'bench/sandbox-load.mjs', load]
  const { stdout } = runCommand('node', ['bench/resident.cjs', 'sandbox', ...options, '--', ...command])
  const [figures] = stdout.split('\n')
  return { ...JSON.parse(figures), resident: Number(/resident (\d+)/.exec(stdout)[1]) / 1024 }
}
