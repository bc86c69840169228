import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { runCommand } from './processes.mjs'

const step = '  - request: HEAD /photos/a.jpg\n  - assert: { status: 200 }\n'
const start = 'osrun: 1\nname: size\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n'

/** Checking many recipes, and one that is ten times as long as another. */
export async function size() {
  const folder = mkdtempSync(`${tmpdir()}/osrun-bench-`)
  const check = (path) => runCommand('node', ['bin/osrun.cjs', 'check', path]).milliseconds
  try {
    for (let number = 0; number < 1000; number += 1)
      writeFileSync(`${folder}/recipe-${number}.yaml`, start + step.repeat(3))
    const thousand = check(folder)
    const [short, tall] = [500, 5000].map((pairs) => {
      const file = `${folder}/tall.yaml`
      writeFileSync(file, start + step.repeat(pairs))
      return check(file)
    })
    return [
      { what: 'check of 1,000 recipes', value: thousand / 1000, unit: 's', target: { atMost: 1 } },
      { what: 'check of 10,000 steps / of 1,000', value: tall / short, unit: 'x', target: { atMost: 10 } },
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}
