import { expect, test } from 'vitest'
import { diffRuns } from '../../src/report/diff/diff-runs.ts'

const options = { all: false, ignore: [], factor: 5 }

function report(change: Readonly<Record<string, unknown>> = {}, step: object = {}): unknown {
  const exchange = {
    method: 'GET',
    url: `http://127.0.0.1:${change.port ?? 1}/v1/osrun-${change.runId ?? 'aa11bb22'}`,
    status: change.status ?? 200,
    responseHeaders: [
      ['Date', change.date ?? 'Tue, 24 Nov 2026 12:00:00 GMT'],
      ['Etag', change.etag ?? 'd41d8cd98f00b204e9800998ecf8427e'],
    ],
    responseBody: {
      text: JSON.stringify({ server: { id: change.id ?? '0'.repeat(32), name: change.name ?? 'a' } }),
    },
  }
  const own = {
    id: 'get',
    phase: 'main',
    duration: 10,
    result: { status: 'passed' },
    exchanges: [{ exchange }],
  }
  const runs = [
    {
      file: 'a.yaml',
      runId: change.runId ?? 'aa11bb22',
      result: { status: 'passed' },
      steps: [{ ...own, ...step }],
    },
  ]
  return { runs }
}

function paths(after: unknown, more: object = {}): readonly string[] {
  return diffRuns(report(), after, { ...options, ...more }).map(({ path }) => path)
}

test('ids, dates, run ids and ports are no difference, unless all are asked for', () => {
  const other = report({
    port: 2,
    runId: 'cc33dd44',
    date: 'Wed, 25 Nov 2026 12:00:00 GMT',
    id: '1'.repeat(32),
  })
  expect(paths(other)).toEqual([])
  expect(paths(other, { all: true })).toEqual([
    'exchanges.0.request',
    'exchanges.0.headers.date',
    'exchanges.0.body.server.id',
  ])
})

test.each([
  [{ status: 404 }, 'exchanges.0.status'],
  [{ etag: 'e'.repeat(32) }, 'exchanges.0.headers.etag'],
  [{ name: 'b' }, 'exchanges.0.body.server.name'],
])('%j is a difference', (change, path) => {
  expect(paths(report(change))).toEqual([path])
})

test('a verdict, a step that is missing and a much longer step are differences', () => {
  expect(paths(report({}, { result: { status: 'failed', problem: { code: 'STATUS_UNEXPECTED' } } }))).toEqual(
    ['verdict', 'problem'],
  )
  expect(paths(report({}, { id: 'other' }))).toEqual(['step', 'step'])
  expect(paths(report({}, { duration: 2000 }))).toEqual(['duration'])
  expect(paths(report({}, { duration: 400 }))).toEqual([])
})

test('what ended a run and is of no step, what is left, and a recipe that was not begun are differences', () => {
  const ended = (result: object): unknown => {
    const { runs } = report() as { readonly runs: readonly object[] }
    return { runs: runs.map((run) => ({ ...run, result: { status: 'errored', ...result } })) }
  }
  const outputs = { problem: { code: 'VALUE_MISSING', from: 'outputs' } }
  expect(paths(ended(outputs))).toEqual(['verdict', 'problem.outputs'])
  expect(paths(ended({ leftovers: [{ code: 'CLEANUP_FAILED' }] }))).toEqual(['verdict', 'leftovers'])
  const notBegun = { runs: [], suite: { notBegun: [{ file: 'a.yaml' }] } }
  expect(paths(notBegun)).toEqual(['verdict', 'step'])
})

test('a path is left out with all below it', () => {
  expect(paths(report({ name: 'b' }), { ignore: ['exchanges.*.body'] })).toEqual([])
})

test.each([[{ runs: [] }], [{ runs: [null, 3, { steps: [{ exchanges: 'x' }] }] }]])(
  '%j breaks nothing',
  (document) => {
    expect(paths(document).length).toBeGreaterThan(0)
  },
)
