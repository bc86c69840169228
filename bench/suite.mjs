import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from './processes.mjs'

const jobs = 64

/** Many recipes of the guide's kind at once, to bare undici that sends the same requests; and a recipe of many steps. */
export async function suite({ environment }) {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-bench-'))
  const run = (...args) => {
    const { stdout, milliseconds } = runCommand(
      'node',
      ['bench/resident.cjs', '--quiet', ...args],
      environment,
    )
    return { milliseconds, resident: Number(/resident (\d+)/.exec(stdout)[1]) / 1024 }
  }
  try {
    const figures = []
    const residents = []
    for (const count of [100, 1000]) {
      for (let number = 0; number < count; number += 1)
        copyFileSync('recipes/object-metadata.yaml', join(folder, `guide-${number}.yaml`))
      const { milliseconds, resident } = run(folder, '--jobs', `${jobs}`)
      const [bare, closing] = [[], ['closing']].map((how) =>
        runCommand('node', ['bench/guide-undici.mjs', `${count}`, `${jobs}`, ...how], environment),
      )
      const what = `${count.toLocaleString('en')} recipes, ${jobs} at a time`
      figures.push(
        { what, value: (count / milliseconds) * 1000, unit: '/s' },
        {
          what: `${what}: rate / bare undici`,
          value: bare.milliseconds / milliseconds,
          unit: 'x',
          target: { atLeast: 0.5 },
        },
        {
          what: `${what}: rate / bare undici that closes`,
          value: closing.milliseconds / milliseconds,
          unit: 'x',
        },
        { what: `${what}: resident`, value: resident, unit: 'MiB' },
      )
      residents.push(resident)
    }
    figures.push({
      what: '1,000 recipes / 100: resident',
      value: residents[1] / residents[0],
      unit: 'x',
      target: { atMost: 1.5 },
    })
    const [thousand, all] = [1000, 10_000].map((steps) => {
      const file = join(folder, 'long.yaml')
      writeFileSync(file, opening + pair.repeat(steps / 2))
      return run(file)
    })
    const what = 'run of 10,000 steps'
    figures.push(
      {
        what: `${what} / of 1,000`,
        value: all.milliseconds / thousand.milliseconds,
        unit: 'x',
        target: { atMost: 10 },
      },
      { what: `${what}: each step`, value: all.milliseconds / 10_000, unit: 'ms' },
      { what: `${what}: resident`, value: all.resident, unit: 'MiB' },
    )
    return figures
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const opening = 'osrun: 1\nname: long\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n'
const pair =
  '  - request: HEAD /photos/fullsize/ovh-summit-2014-backstage-DS.jpg\n  - assert: { status: 200 }\n'
