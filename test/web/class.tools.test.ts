import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { RunResult } from '../../src/model/event.ts'
import type { PageMessage } from '../../src/web/message.ts'
import { runOsrun } from '../cli/osrun.ts'
import { startProcess } from '../cli/osrun-process.ts'
import { cloudOf, recipeOf, runToEnd } from '../run/on-sandbox.ts'
import { listen, post } from './asking.ts'
import { pageAddress } from './served.ts'

const lessons = readdirSync('recipes/course').length

// In which each does every lesson; by then the program has grown to its size.
const roundsToGrow = 6
const rounds = 2 * roundsToGrow

test('twenty learners at once on one sandbox do the course: no error, nothing left, and memory stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-class-'))
  const openrc = join(folder, 'openrc.sh')
  const { child, ended } = startProcess(['sandbox', '--web', '--openrc', openrc])
  try {
    const url = await pageAddress(child.stderr)
    const before = await containersOf(openrc)
    // Two more have no browser, and learn in a terminal meanwhile.
    const inTerminals = Promise.all(
      ['metadata', 'temp-url'].map((name) => runOsrun(['learn', '--auto=0s', '--openrc', openrc, name])),
    )
    const sizes: number[] = []
    for (let round = 1; round <= rounds; round++) {
      // Every lesson is done by two at once.
      const ends = Array.from({ length: 20 }, (_none, learner) =>
        doLesson(url, `round-${round}-learner-${learner}`, (learner + round) % lessons),
      )
      for (const end of await Promise.all(ends))
        expect({ status: end?.status, leftovers: end?.leftovers, revoked: end?.tokens.revoked }).toEqual({
          status: 'passed',
          leftovers: [],
          revoked: end?.tokens.made,
        })
      sizes.push(residentKilobytes(child.pid))
    }
    for (const { status, stdout, stderr } of await inTerminals) {
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).not.toContain('✗')
    }
    expect(await containersOf(openrc)).toEqual(before)
    expect(sizes.at(-1)).toBeLessThan(1.12 * (sizes[roundsToGrow - 1] ?? 0))
  } finally {
    child.kill('SIGINT')
    rmSync(folder, { recursive: true })
  }
  expect((await ended).status).toBe(0)
}, 120_000)

async function doLesson(url: string, session: string, lesson: number): Promise<RunResult | undefined> {
  const act = (action: object): Promise<unknown> => post(`${url}actions?session=${session}`, action)
  await using page = await listen<PageMessage>(`${url}events?session=${session}`)
  await page.until(({ type }) => type === 'opened')
  if (lesson > 0) await act({ type: 'open', lesson })
  await act({ type: 'all' })
  // The practice task comes after a lesson that passed alone.
  await page.until((message) => message.type === 'state' && /^(task|end)$/.test(message.state.at))
  await act({ type: 'step' })
  await page.until((message) => message.type === 'state' && message.state.at === 'end')
  await act({ type: 'leave' })
  const ends = page.messages.flatMap((message) =>
    message.type === 'event' && message.event.type === 'run:end' ? [message.event.result] : [],
  )
  return ends[0]
}

async function containersOf(openrc: string): Promise<unknown> {
  const lines = readFileSync(openrc, 'utf8').matchAll(/^export (\w+)='?([^'\n]*)'?$/gm)
  const environment = Object.fromEntries([...lines].map(([, name, value]) => [name, value]))
  const recipe = await recipeOf(`osrun: 1
name: List
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request: { url: "GET \${endpoint}", query: { format: json } }
    capture: { names: "$[*].name" }
outputs: { names: "\${names}" }
`)
  const { result } = await runToEnd(recipe, { cloud: await cloudOf(environment) })
  expect(result.status).toBe('passed')
  return result.outputs
}

function residentKilobytes(pid = 0): number {
  const [, size] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(size)
}
