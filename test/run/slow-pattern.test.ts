import { expect, test } from 'vitest'
import { cloudOf, recipeOf, runToEnd, startSandbox } from './on-sandbox.ts'

test.each([
  ['assert', '  - assert: { body: { pattern: "^(a+)+$" } }'],
  ['capture', '    capture: { name: { from: body, pattern: "^((?:a+)+)$" } }'],
  ['until', '    until: { body: { pattern: "^(a+)+$" } }'],
])(
  'a pattern that would compute for years ends the run, which revokes its token: %s',
  async (_where, last) => {
    await using sandbox = await startSandbox({ record: true })
    const steps = [
      '  - authenticate:',
      '  - pick-endpoint: object-store',
      '  - request: PUT /slow',
      `  - request: { method: PUT, url: /slow/object, body: ${'a'.repeat(60)}! }`,
      '  - request: GET /slow/object',
      last,
    ]
    const recipe = await recipeOf(`osrun: 1\nname: Slow\nsteps:\n${steps.join('\n')}\n`)
    const started = performance.now()
    const { result } = await runToEnd(recipe, { cloud: await cloudOf(sandbox.environment) })
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(result).toMatchObject({ status: 'errored', exit: 2, problem: { code: 'EXPECTATION_SLOW' } })
    expect(sandbox.requests.at(-1)).toMatchObject({
      method: 'DELETE',
      path: expect.stringContaining('/auth/tokens'),
    })
  },
)
