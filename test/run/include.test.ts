import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OsrunError } from '../../src/model/problem.ts'
import { loadRecipe } from '../../src/recipe/load.ts'
import { verbs } from '../../src/steps/index.ts'
import { folderOf, loadMain } from './included.ts'
import { cloudOf, runToEnd, type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

const recipe = (steps: string, head = '') => `osrun: 1\n${head}steps:\n${steps}`
const login = recipe('  - authenticate:\n')
const main = (steps: string, head = '') =>
  recipe(`  - include: _login.yaml\n  - pick-endpoint: object-store\n${steps}`, head)

async function run(files: Readonly<Record<string, string>>) {
  const loaded = await loadMain({ '_login.yaml': login, ...files })
  const { events, result } = await runToEnd(loaded, { cloud: await cloudOf(sandbox.environment) })
  const ends = events.flatMap((event) => (event.type === 'step:end' ? [event] : []))
  const asked = sandbox.requests
    .filter(({ path }) => path.startsWith('/v1'))
    .map(({ method, path }) => `${method} ${path.replace(/^\/v1\/[^/]+/, '')}`)
  return { events, ends, result, asked }
}

async function problemsOf(files: Readonly<Record<string, string>>, options = {}) {
  const error = await loadMain(files, options).catch((one: unknown) => one)
  if (!(error instanceof OsrunError)) throw new Error('it was taken', { cause: error })
  return error.problems.map(({ code, message, hint, at }) => ({
    code,
    message,
    hint,
    at: `${at?.file.replace(/^.*osrun-include-[^/]*\//, '')}:${at?.line}:${at?.column}`,
  }))
}

const put = recipe(
  '  - pick-endpoint: object-store\n  - request: PUT /photos/${object}\n    capture: { made: headers.etag, etag: headers.etag }\n    defer: [{ request: "DELETE /photos/${object}" }]\n',
  'inputs: { object: x }\n',
)

test('the steps run in place, with the same token, and what they capture comes back', async () => {
  const { ends, result, asked } = await run({
    'main.yaml': main(
      '  - include: { path: sub/_put.yaml, with: { object: a.jpg } }\n  - request: { url: HEAD /photos/a.jpg, headers: { If-Match: "${made}" } }\n',
    ),
    'sub/_put.yaml': put,
  })
  expect(result.problem).toBeUndefined()
  expect(result).toMatchObject({ steps: { passed: 4 }, tokens: { made: 1, revoked: 1 } })
  expect(ends.map(({ step }) => step).slice(0, 4)).toEqual([
    'include-1.authenticate-1',
    'pick-endpoint-1',
    'include-2.pick-endpoint-1',
    'include-2.request-1',
  ])
  expect(asked).toEqual(['PUT /photos/a.jpg', 'HEAD /photos/a.jpg', 'DELETE /photos/a.jpg'])
})

test('a path that an include gives starts from the folder of the recipe that gives it', async () => {
  const inner = recipe(
    '  - pick-endpoint: object-store\n  - request: { url: PUT /photos/a.txt, file: "${file}" }\n',
    'inputs: { file: { type: string, format: path, default: own.txt } }\n',
  )
  const outer = (given: string): Record<string, string> => ({
    'main.yaml': main(
      `  - include: { path: sub/_put.yaml${given} }\n  - request: GET /photos/a.txt\n  - assert: { size: ${given === '' ? 3 : 5} }\n`,
    ),
    'given.txt': 'given',
    'sub/own.txt': 'own',
    'sub/_put.yaml': inner,
  })
  for (const given of ['', ', with: { file: given.txt }', ', with: { file: sub/../given.txt }'])
    expect((await run(outer(given))).result.problem).toBeUndefined()
  const { result } = await run(outer(', with: { file: ../given.txt }'))
  expect(result.problem?.code).toBe('FILE_REFUSED')
})

test('where there are outputs, they alone come back, an endpoint with its fields', async () => {
  const files = {
    '_endpoint.yaml': recipe(
      '  - include: _login.yaml\n  - pick-endpoint: object-store\n',
      'outputs: [endpoint]\n',
    ),
    'main.yaml': recipe(
      '  - include: _endpoint.yaml\n  - request: HEAD /photos\n  - assert: { context: { endpoint.region: RegionOne } }\n',
    ),
  }
  expect((await run(files)).result.problem).toBeUndefined()
  const named = {
    ...files,
    '_endpoint.yaml': files['_endpoint.yaml'].replace('[endpoint]', '{ place: "${endpoint}" }'),
  }
  const [problem] = await problemsOf({ '_login.yaml': login, ...named })
  expect(problem).toMatchObject({ code: 'NAME_UNKNOWN', at: 'main.yaml:4:5' })
})

test('names are its own: neither inputs, captures, steps nor endpoint are seen or changed', async () => {
  const inner = '  - id: look\n    request: HEAD ${endpoint}/photos\n  - assert: { of: look, status: 204 }\n'
  const [problem] = await problemsOf({
    'main.yaml': recipe('  - authenticate:\n  - pick-endpoint: object-store\n  - include: _inner.yaml\n'),
    '_inner.yaml': recipe(inner),
  })
  expect(problem).toMatchObject({ code: 'NAME_UNKNOWN', at: '_inner.yaml:4:19' })
  const { result, asked } = await run({
    'main.yaml': main(
      '  - id: look\n    request: HEAD /photos/none\n    allow-failure: true\n  - include: _inner.yaml\n  - assert: { of: look, status: 404 }\n  - request: HEAD /photos\n',
    ),
    '_inner.yaml': recipe(`  - pick-endpoint: { service: object-store, region: RegionOne }\n${inner}`),
  })
  expect(result.problem).toBeUndefined()
  expect(asked).toHaveLength(3)
})

test('deferred steps run at the end of the whole run, last first, with their own names', async () => {
  const { asked, result, ends } = await run({
    'main.yaml': main(
      [
        '  - include: { path: _put.yaml, with: { object: a } }',
        '    defer: [{ request: HEAD /photos/a }]',
        '  - for-each: [b, c]',
        '    include: { path: _put.yaml, with: { object: "${item}" } }',
        '  - request: HEAD /photos/c',
        '',
      ].join('\n'),
    ),
    '_put.yaml': put,
  })
  expect(result).toMatchObject({ status: 'passed', leftovers: [] })
  expect(asked.slice(4)).toEqual([
    'DELETE /photos/c',
    'DELETE /photos/b',
    'HEAD /photos/a',
    'DELETE /photos/a',
  ])
  expect(ends.map(({ step }) => step)).toContain('include-3[2].deferred-request-1')
})

test('an include may be deferred', async () => {
  const { asked, result } = await run({
    'main.yaml': main(
      '  - request: PUT /photos/z\n    defer: [{ include: { path: _gone.yaml, with: { object: z } } }]\n  - request: HEAD /photos/z\n',
    ),
    '_gone.yaml': put.replace('PUT', 'DELETE').replace(/ {4}(capture|defer).*\n/g, ''),
  })
  expect(result).toMatchObject({ status: 'passed', leftovers: [] })
  expect(asked.at(-1)).toBe('DELETE /photos/z')
})

describe('a step that does not pass', () => {
  const broken = recipe(
    '  - pick-endpoint: object-store\n  - request: HEAD /nowhere\n  - request: HEAD /photos\n',
  )

  test('ends the recipe, and its place is in its own file', async () => {
    const { result, ends } = await run({
      'main.yaml': main('  - include: _broken.yaml\n  - request: HEAD /photos\n'),
      '_broken.yaml': broken,
    })
    expect(result).toMatchObject({ exit: 4, steps: { passed: 2, failed: 1, skipped: 1 } })
    expect(result.problem?.at).toMatchObject({ file: expect.stringMatching(/_broken\.yaml$/), line: 4 })
    expect(ends.filter(({ result: one }) => one.status === 'failed')).toHaveLength(1)
    expect(ends.filter(({ result: one }) => one.status === 'skipped').map(({ step }) => step)).toEqual([
      'include-2.request-2',
      'request-1',
    ])
  })

  test('is forgiven where the include may fail', async () => {
    const { result, asked } = await run({
      'main.yaml': main('  - include: _broken.yaml\n    allow-failure: true\n  - request: HEAD /photos\n'),
      '_broken.yaml': broken,
    })
    expect(result).toMatchObject({ exit: 0, steps: { passed: 3, failed: 1 } })
    expect(asked).toEqual(['HEAD /nowhere', 'HEAD /photos'])
  })
})

test('a value that does not fit is told at run time where it was given', async () => {
  const { result } = await run({
    'main.yaml': main(
      '  - request: HEAD /photos\n    capture: { count: headers.x-container-object-count }\n  - include:\n      path: _put.yaml\n      with: { object: "${count}" }\n',
    ),
    '_put.yaml': put.replace('object: x', 'object: { type: string, pattern: "^[a-z]+$", default: x }'),
  })
  expect(result).toMatchObject({ exit: 1, problem: { code: 'INPUT_INVALID', at: { line: 9, column: 23 } } })
})

test('secret inputs of an included recipe are masked', async () => {
  const { events, result } = await run({
    'main.yaml': main('  - include: { path: _put.yaml, with: { object: swordfish-9 } }\n'),
    '_put.yaml': put.replace('object: x', 'object: { type: string, writeOnly: true }'),
  })
  expect(result.problem).toBeUndefined()
  expect(JSON.stringify(events)).not.toContain('swordfish-9')
})

test('a recipe whose included recipe revokes does not share its token', async () => {
  const { ownsTokens } = await import('../../src/run/tokens/owns-tokens.ts')
  const loaded = await loadMain({
    '_login.yaml': login,
    'main.yaml': main('  - include: _bye.yaml\n'),
    '_bye.yaml': recipe('  - revoke:\n'),
  })
  expect(ownsTokens(loaded)).toBe(true)
})

describe('what is refused before the run', () => {
  test('a circle, with its chain', async () => {
    const [problem] = await problemsOf({
      'main.yaml': recipe('  - include: a.yaml\n'),
      'a.yaml': recipe('  - include: sub/b.yaml\n'),
      'sub/b.yaml': recipe('  - include: ../a.yaml\n'),
    })
    expect(problem?.at).toBe('sub/b.yaml:3:14')
    expect(problem?.message.replaceAll(/[^ ]*osrun-include-[^/]*\//g, '')).toBe(
      'A recipe includes itself: a.yaml > sub/b.yaml > a.yaml.',
    )
    expect(await problemsOf({ 'main.yaml': recipe('  - include: main.yaml\n') })).toMatchObject([
      { at: 'main.yaml:3:14' },
    ])
  })

  test('a file outside of the folder, also by a link, unless its folder is allowed', async () => {
    const elsewhere = folderOf({ 'login.yaml': login })
    const folder = folderOf({
      'main.yaml': recipe(`  - include: ${elsewhere}/login.yaml\n`),
      'linked.yaml': recipe('  - include: link.yaml\n'),
    })
    symlinkSync(join(elsewhere, 'login.yaml'), join(folder, 'link.yaml'))
    for (const name of ['main', 'linked']) {
      const load = (allowInclude: readonly string[]) =>
        loadRecipe(join(folder, `${name}.yaml`), { verbs, allowInclude })
      await expect(load([])).rejects.toMatchObject({
        code: 'RECIPE_INVALID',
        message: expect.stringContaining('outside'),
        at: { line: 3, column: 14 },
      })
      await expect(load([elsewhere])).resolves.toBeDefined()
    }
  })

  test('a file that is not there, with the nearest', async () => {
    const problems = await problemsOf({
      'main.yaml': recipe('  - include: lgoin.yaml\n'),
      'login.yaml': login,
    })
    expect(problems).toMatchObject([
      { code: 'RECIPE_UNREADABLE', at: 'main.yaml:3:14', hint: 'Did you mean "login.yaml"?' },
    ])
  })

  test('problems of the other file, once and with their places there, and inputs that do not fit', async () => {
    const problems = await problemsOf({
      'main.yaml': recipe(
        '  - include: _a.yaml\n  - include: _a.yaml\n  - include: { path: _b.yaml, with: { objec: x } }\n  - include: { path: _b.yaml, with: { limit: x, object: y } }\n',
      ),
      '_a.yaml': recipe('  - authenticat:\n'),
      '_b.yaml': recipe('  - authenticate:\n', 'inputs: { object: { type: string }, limit: 3 }\n'),
    })
    expect(problems.map(({ at, hint }) => [at, hint])).toEqual([
      ['_a.yaml:3:5', 'Did you mean "authenticate"?'],
      ['main.yaml:5:5', expect.stringContaining('object: …')],
      ['main.yaml:5:39', 'Did you mean "object"?'],
      ['main.yaml:6:46', undefined],
    ])
  })

  test('a template for a path, and keys that are for one request', async () => {
    const problems = await problemsOf({
      '_login.yaml': login,
      'main.yaml': recipe(
        '  - include: ${env.FILE}\n  - include: _login.yaml\n    capture: { a: status }\n    retry: 3\n',
      ),
    })
    expect(problems.map(({ at }) => at)).toEqual([
      'main.yaml:3:5',
      'main.yaml:3:14',
      'main.yaml:5:5',
      'main.yaml:6:5',
    ])
  })

  test('more recipes than anybody writes', async () => {
    const doubled = (next: string) => recipe(`  - include: ${next}\n`.repeat(4))
    const files = Object.fromEntries(
      Array.from({ length: 8 }, (_none, index) => [`_${index}.yaml`, doubled(`_${index + 1}.yaml`)]),
    )
    const problems = await problemsOf({ ...files, '_8.yaml': login, 'main.yaml': doubled('_0.yaml') })
    expect(problems[0]?.message).toContain('1000')
  })
})
