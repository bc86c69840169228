import type { ExchangeRecord, RunEvent, RunResult, SafeEvent, StepResult } from '../../src/model/event.ts'
import type { Problem } from '../../src/model/problem.ts'
import type { Output, Reporter, Verbosity } from '../../src/model/reporter.ts'

/** How many recipes and steps a suite has, what stands in place of every text, and whether some steps fail. */
export type SuiteShape = {
  readonly recipes: number
  readonly steps: number
  readonly fails?: boolean
  readonly text?: string
}

const at = {
  file: 'recipes/photos.yaml',
  line: 12,
  column: 15,
  length: 3,
  source: '      status: 204 # as ever',
}

/** The events of a suite that no cloud has seen. Every fifth recipe fails in the middle, if any does. */
export function* madeUpSuite({ recipes, steps, fails = false, text }: SuiteShape): Generator<SafeEvent> {
  let time = Date.parse('2026-05-04T10:00:00Z')
  const results: RunResult[] = []
  for (let number = 1; number <= recipes; number++) {
    const run = `run${number}`
    const safe = (event: RunEvent): SafeEvent => ({ ...event, run }) as SafeEvent
    const own = {
      recipe: text ?? `Photos of album ${number} are there`,
      file: text ?? `recipes/album-${number}.yaml`,
      runId: run,
    }
    const begun = time
    yield safe({
      type: 'run:start',
      ...own,
      description: text ?? 'Looks whether each photo of the album can be had by its public URL.',
      tags: [text ?? (number % 2 === 0 ? 'read-only' : 'slow')],
      cloud: text ?? 'europe',
      region: text ?? 'GRA',
      interface: 'public',
      steps,
      time: stamp(time),
    })
    const failsAt = fails && number % 5 === 1 ? Math.ceil(steps / 2) : Number.POSITIVE_INFINITY
    const counts = { passed: 0, failed: 0, errored: 0, skipped: 0 }
    for (let index = 1; index <= steps; index++) {
      const result = resultOf(index, failsAt, text)
      const duration = result.status === 'skipped' ? 0 : 3 + ((index * 37 + number * 11) % 90)
      for (const event of stepEvents({
        index,
        number,
        result,
        time,
        duration,
        isLast: index === steps,
        text,
      }))
        yield safe(event)
      counts[result.status]++
      time += duration
    }
    const isPassed = counts.failed === 0
    const result: RunResult = {
      ...own,
      status: isPassed ? 'passed' : 'failed',
      exit: isPassed ? 0 : 4,
      steps: counts,
      tokens: { made: 1, revoked: 1, kept: 0 },
      requests: steps,
      ...(isPassed
        ? {}
        : { problem: { ...problemOf(text), from: 'step', step: text ?? `request-${failsAt}` } }),
      duration: time - begun,
      leftovers:
        text === undefined
          ? []
          : [{ code: 'CLEANUP_FAILED', from: 'cleanup', message: text, causes: [text], hint: text }],
    }
    results.push(result)
    yield safe({ type: 'run:end', result, time: stamp(time) })
  }
  const duration = time - Date.parse('2026-05-04T10:00:00Z')
  const tokens = { made: recipes, revoked: recipes, kept: 0 }
  const exit = Math.max(...results.map((result) => result.exit)) as RunResult['exit']
  yield {
    type: 'suite:end',
    result: { results, notBegun: [], tokens, duration, leftovers: [], exit },
    time: stamp(time),
    run: '',
  } as unknown as SafeEvent
}

function resultOf(index: number, failsAt: number, text: string | undefined): StepResult {
  if (index > failsAt) return { status: 'skipped', reason: text ?? 'an earlier step did not pass' }
  if (index < failsAt) return { status: 'passed' }
  const expected = text ?? '"ACTIVE"'
  const mismatches = [
    { subject: text ?? 'status', expected: text ?? '204', found: text ?? '200', at },
    { subject: text ?? '$.server.status', expected, found: text ?? '"BUILD"', at: { ...at, line: 14 } },
  ].map((mismatch) =>
    text === undefined ? mismatch : { ...mismatch, at: { ...at, file: text, source: text } },
  )
  return { status: 'failed', problem: problemOf(text), mismatches }
}

function problemOf(text: string | undefined): Problem {
  const problem = {
    code: 'EXPECTATION_FAILED',
    message: text ?? 'The answer differs.',
    at,
    causes: [],
  } as const
  return text === undefined ? problem : { ...problem, hint: text }
}

type StepShape = {
  readonly index: number
  readonly number: number
  readonly result: StepResult
  readonly time: number
  readonly duration: number
  readonly isLast: boolean
  readonly text: string | undefined
}

function* stepEvents({
  index,
  number,
  result,
  time,
  duration,
  isLast,
  text,
}: StepShape): Generator<RunEvent> {
  const step = text ?? `request-${index}`
  const title = text ?? `GET \${endpoint}/album-${number}/photo-${index}.jpg`
  const phase = isLast ? 'cleanup' : 'main'
  const note = text ?? 'The token travels in X-Auth-Token.'
  const verb = text ?? 'request'
  yield { type: 'step:start', step, verb, title, note, phase, at, time: stamp(time) }
  if (result.status !== 'skipped') {
    const exchange = exchangeOf(number, index, duration, text)
    const curl = text ?? `curl -i "$endpoint/album-${number}/photo-${index}.jpg" -H "X-Auth-Token: $token"`
    yield { type: 'exchange', step, exchange, time: stamp(time), curl }
    if (index % 9 === 2) {
      const seen = (found: string) => [{ subject: text ?? '$.server.status', found: text ?? found }]
      yield { type: 'poll', step, attempt: 1, after: 0, changes: seen('"BUILD"') }
      yield { type: 'poll', step, attempt: 2, after: 4100, changes: seen('"ACTIVE"') }
      yield {
        type: 'notice',
        step,
        level: 'warning',
        message: text ?? 'Answered 503; tried again after 2 s.',
      }
    }
    yield { type: 'context', step, name: text ?? 'size', value: text ?? '190046' }
  }
  yield { type: 'step:end', step, verb, title, phase, result, allowedFailure: false, duration }
}

function exchangeOf(
  number: number,
  index: number,
  duration: number,
  text: string | undefined,
): ExchangeRecord {
  const id = `tx${String(number).padStart(4, '0')}${String(index).padStart(17, '0')}`
  const body = text ?? JSON.stringify({ server: { id, status: 'ACTIVE', tags: ['a', 'b'], size: index } })
  return {
    method: text ?? 'GET',
    url: text ?? `https://object-store.example/v1/AUTH_0af3/album-${number}/photo-${index}.jpg`,
    requestHeaders: [
      ['Accept', 'application/json'],
      ['X-Auth-Token', text ?? '***'],
    ],
    requestBody: { size: text?.length ?? 0, ...(text !== undefined && { text }) },
    status: 200,
    reason: text ?? 'OK',
    responseHeaders: [
      ['Content-Type', 'application/json'],
      ['Etag', '5d41402abc4b2a76b9719d911017c592'],
      ['Last-Modified', 'Mon, 04 May 2026 09:00:00 GMT'],
      ['X-Trans-Id', text ?? id],
    ],
    responseBody: { size: body.length, text: body },
    requestId: text ?? id,
    ...(text !== undefined && { cloudMessage: text }),
    duration: duration * 0.9,
  }
}

/** What a reporter writes of events. */
export async function written(
  reporter: Reporter,
  events: Iterable<SafeEvent>,
  verbosity: Verbosity = 'normal',
): Promise<string> {
  let text = ''
  const write = (part: string): void => {
    text += part
  }
  const output: Output = { write, isTerminal: false, color: false, width: 100 }
  const coming = (async function* () {
    yield* events
  })()
  await reporter(coming, output, { verbosity, curl: true })
  return text
}

function stamp(time: number): string {
  return new Date(time).toISOString()
}
