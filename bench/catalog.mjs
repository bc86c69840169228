import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { median, runCommand } from './processes.mjs'

const recipe =
  'osrun: 1\nname: catalog\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n  - assert: { context: { endpoint: { pattern: "/last$" } } }\n'

/** A run with a catalog of ten times as many endpoints; the one that is picked is the last. */
export async function catalog({ catalogUrl }) {
  const folder = mkdtempSync(`${tmpdir()}/osrun-bench-`)
  try {
    writeFileSync(`${folder}/catalog.yaml`, recipe)
    const run = (endpoints) => {
      const environment = {
        OS_AUTH_URL: `${catalogUrl}/${endpoints}/v3`,
        OS_USERNAME: 'bench',
        OS_PASSWORD: 'bench-password',
        OS_USER_DOMAIN_ID: 'default',
        OS_PROJECT_NAME: 'bench',
        OS_PROJECT_DOMAIN_ID: 'default',
      }
      const rounds = Array.from({ length: 5 }, () =>
        runCommand('node', ['bin/osrun.cjs', `${folder}/catalog.yaml`, '-q'], environment),
      )
      return median(rounds.map(({ milliseconds }) => milliseconds))
    }
    const [few, many] = [1000, 10_000].map(run)
    return [
      { what: 'run with a catalog of 10,000 endpoints', value: many, unit: 'ms' },
      {
        what: 'catalog of 10,000 endpoints / of 1,000',
        value: many / few,
        unit: 'x',
        target: { atMost: 10 },
      },
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}
