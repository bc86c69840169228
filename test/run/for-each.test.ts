import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { junitReporter } from '../../src/report/formats/junit.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox, startSandbox } from './on-sandbox.ts'
import { skippingClock } from './skipping-clock.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

const store = 'osrun: 1\nname: n\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n'

async function run(steps: string) {
  const recipe = await recipeOf(`${store}${steps}`)
  const { events, result } = await runToEnd(recipe, {
    cloud: await cloudOf(sandbox.environment),
    ...skippingClock(),
  })
  const ends = events.flatMap((event) => (event.type === 'step:end' && event.phase === 'main' ? [event] : []))
  const asked = sandbox.requests
    .filter(({ path }) => path.startsWith('/v1'))
    .map(({ method, path }) => `${method} ${path.replace(/^\/v1\/[^/]+/, '')}`)
  return { events, ends, result, asked }
}

test('the step runs for each item, each with an id and a title of its own', async () => {
  const { ends, result, asked } = await run(
    '  - id: upload\n    for-each: [a b, { name: c }]\n    request: PUT /photos/${item}\n    note: once\n',
  )
  expect(ends.slice(2).map(({ step, title }) => [step, title])).toEqual([
    ['upload[1]', 'PUT /photos/a b [1/2]'],
    ['upload[2]', 'PUT /photos/${item} [2/2]'],
  ])
  expect(result).toMatchObject({ status: 'passed', steps: { passed: 3 } })
  expect(asked[0]).toBe('PUT /photos/a%20b')
})

test('where passes over items, and the numbers are those of the others', async () => {
  const { ends, asked, result } = await run(
    [
      '  - id: look',
      '    name: ${item.name} of ${item.kind} for ${run.id}',
      '    for-each:',
      '      in: [{ name: photos, kind: a }, { name: no, kind: b }, text, { name: other, kind: a, size: 7 }]',
      '      where: { kind: a, name: { pattern: "o" } }',
      '    request: { url: "HEAD /${item.name}", expect: [204, 404] }',
      '',
    ].join('\n'),
  )
  expect(result.problem).toBeUndefined()
  expect(asked).toEqual(['HEAD /photos', 'HEAD /other'])
  expect(ends.slice(2).map(({ title }) => title)).toEqual([
    'photos of a for ${run.id} [1/2]',
    'other of a for ${run.id} [2/2]',
  ])
})

test('without an item that fits the step is skipped, and the reason says what none had', async () => {
  const { ends } = await run('  - for-each: { in: ["a"], where: { kind: b } }\n    request: HEAD /photos\n')
  expect(ends.at(-1)?.result).toEqual({ status: 'skipped', reason: 'no item has kind b' })
})

test('keep-going runs each round; all that did not pass are told, and the step has failed once', async () => {
  const { events, ends, result, asked } = await run(
    '  - id: look\n    for-each: { in: [none, photos, nowhere], keep-going: true }\n    request: HEAD /${item}\n  - request: HEAD /after\n',
  )
  expect(asked).toEqual(['HEAD /none', 'HEAD /photos', 'HEAD /nowhere'])
  expect(ends.map(({ step, result }) => [step, result.status]).slice(2)).toEqual([
    ['look[1]', 'failed'],
    ['look[2]', 'passed'],
    ['look[3]', 'failed'],
    ['request-2', 'skipped'],
  ])
  expect(result).toMatchObject({ exit: 4, steps: { passed: 2, failed: 1, skipped: 1 } })
  const xml: string[] = []
  await junitReporter(
    (async function* () {
      yield* events
    })(),
    { write: (text) => void xml.push(text), isTerminal: false, color: false, width: 80 },
    { verbosity: 'normal', curl: true },
  )
  expect(xml.join('').match(/<failure /g)).toHaveLength(2)
})

test('the endpoints of the catalog are a list, each with its service', async () => {
  const { asked, result } = await run(
    '  - for-each: { in: "${token.endpoints}", where: { service: object-store, interface: public } }\n    request: { url: "HEAD ${item.url}/photos", expect: [204, 404] }\n',
  )
  expect(result.problem).toBeUndefined()
  expect(asked).toEqual(['HEAD /photos'])
})

test('fields of an item are read, and items may be captured', async () => {
  const { asked, result } = await run(
    [
      '  - request: { url: GET /photos, query: { format: json } }',
      '    capture: { found: "$[*]" }',
      '  - for-each: ${found}',
      '    request: HEAD /photos/${item.name}',
      '',
    ].join('\n'),
  )
  expect(result.problem).toBeUndefined()
  expect(asked.slice(1).every((line) => line.startsWith('HEAD /photos/'))).toBe(true)
  expect(asked.length).toBeGreaterThan(1)
})

test('the first round that fails is the last, and the step has failed', async () => {
  const { ends, result } = await run(
    '  - for-each: [photos, nowhere, never]\n    request: HEAD /${item}\n  - request: HEAD /photos\n',
  )
  expect(ends.slice(2).map(({ step, result: one }) => [step, one.status])).toEqual([
    ['request-1[1]', 'passed'],
    ['request-1[2]', 'failed'],
    ['request-2', 'skipped'],
  ])
  expect(result).toMatchObject({ exit: 4, steps: { passed: 2, failed: 1, skipped: 1 } })
})

test('the captures of the last round stay, and its answer is that of the step', async () => {
  const { events, result } = await run(
    [
      '  - id: look',
      '    for-each: [photos, photos/fullsize/ovh-summit-2014-backstage-DS.jpg]',
      '    request: HEAD /${item}',
      '    capture: { length: headers.content-length }',
      '  - assert: { of: look, headers: { content-length: "${length}", content-type: image/jpeg } }',
      '',
    ].join('\n'),
  )
  expect(result.problem).toBeUndefined()
  expect(events.filter((event) => event.type === 'context' && event.name === 'length')).toHaveLength(2)
})

describe('defer', () => {
  test('is registered in each round, with the item and the captures of that round', async () => {
    const { asked, result } = await run(
      [
        '  - for-each: [one, two, three]',
        '    request: PUT /photos/${item}',
        '    capture: { kind: headers.content-type }',
        '    defer: [{ request: "DELETE /photos/${item}" }]',
        '',
      ].join('\n'),
    )
    expect(result).toMatchObject({ status: 'passed', leftovers: [] })
    expect(asked.slice(3)).toEqual(['DELETE /photos/three', 'DELETE /photos/two', 'DELETE /photos/one'])
  })

  test('is left out by rounds that did not happen', async () => {
    const { asked } = await run(
      '  - for-each: [photos/x, nowhere/y, photos/z]\n    request: PUT /${item}\n    defer: [{ request: "DELETE /${item}" }]\n',
    )
    expect(asked).toEqual(['PUT /photos/x', 'PUT /nowhere/y', 'DELETE /photos/x'])
  })

  test('may be for each item itself', async () => {
    const { asked } = await run(
      [
        '  - request: PUT /photos/x',
        '    defer:',
        '      - for-each: [1, 2]',
        '        request: { url: "DELETE /photos/${item}", expect: 404 }',
        '',
      ].join('\n'),
    )
    expect(asked.slice(1)).toEqual(['DELETE /photos/1', 'DELETE /photos/2'])
  })
})

describe('names that deferred steps read', () => {
  test('are those of the time when they were deferred', async () => {
    const { asked, result } = await run(
      [
        '  - request: PUT /photos/first',
        '    capture: { file: { from: headers.last-modified, pattern: "GMT" } }',
        '    defer: [{ request: { url: "DELETE /photos/${file}", expect: 404 } }]',
        '  - request: PUT /photos/second',
        '    capture: { file: { from: headers.last-modified, pattern: "^..." } }',
        '    defer: [{ request: { url: "DELETE /photos/${file}", expect: 404 } }]',
        '',
      ].join('\n'),
    )
    expect(result.leftovers).toEqual([])
    expect(asked[2]).toMatch(/^DELETE \/photos\/[A-Z][a-z]{2}$/)
    expect(asked[3]).toBe('DELETE /photos/GMT')
  })

  test('are read in the order in which the steps of one defer stand', async () => {
    const { asked, result } = await run(
      [
        '  - request: PUT /photos/x',
        '    defer:',
        '      - request: HEAD /photos/x',
        '        capture: { size: headers.content-length }',
        '      - request: { url: "DELETE /photos/${size}", expect: 404 }',
        '        defer: [{ request: { url: DELETE /photos/x } }]',
        '',
      ].join('\n'),
    )
    expect(result.leftovers).toEqual([])
    expect(asked.slice(1)).toEqual(['HEAD /photos/x', 'DELETE /photos/0', 'DELETE /photos/x'])
  })
})

test('an empty list skips the step, and that is no failure', async () => {
  const { ends, result } = await run('  - for-each: []\n    request: PUT /${item}\n')
  expect(ends.at(-1)).toMatchObject({ step: 'request-1', result: { status: 'skipped' } })
  expect(result).toMatchObject({ exit: 0, steps: { passed: 2, skipped: 1 } })
})

test.each(['${endpoint}', '${endpoint.url}', '${response.status}', '${token.project}'])(
  'what is no list is an error: %s',
  async (template) => {
    const { result } = await run(
      `  - request: HEAD /photos\n  - for-each: ${template}\n    request: PUT /\${item}\n`,
    )
    expect(result).toMatchObject({ status: 'errored', exit: 3, problem: { code: 'VALUE_INVALID' } })
    expect(result.problem?.at).toMatchObject({ line: 7, column: 15 })
  },
)

test('a list without a value is an error, and allow-failure holds for it too', async () => {
  const missing =
    '  - request: HEAD /photos\n  - for-each: ${response.headers.x}\n    request: PUT /${item}\n'
  expect((await run(missing)).result.problem).toMatchObject({ code: 'VALUE_MISSING' })
  expect((await run(`${missing}    allow-failure: true\n`)).result).toMatchObject({ exit: 0 })
})

test('a round may poll, and each has a time-out of its own', async () => {
  const { events, result } = await run(
    '  - for-each: [photos, nowhere]\n    request: HEAD /${item}\n    until: { status: 204 }\n    every: 10s\n    timeout: 35s\n',
  )
  expect(result).toMatchObject({ problem: { code: 'UNTIL_UNMET' }, steps: { failed: 1 } })
  const polls = events.flatMap((event) => (event.type === 'poll' ? [event.step] : []))
  expect(polls).toEqual(['request-1[1]', ...Array(4).fill('request-1[2]')])
})
