import { expect, test } from 'vitest'
import { planRecipe } from '../../src/export/plan/plan-recipe.ts'
import { verbs } from '../../src/steps/index.ts'
import { emptyState, nextState, type PageState } from '../../src/web/page/state.ts'
import { verdictText } from '../../src/web/page/verdict-text.ts'
import { cloudOf, recipeOf, runToEnd, startSandbox } from '../run/on-sandbox.ts'

async function stateAfter(text: string): Promise<PageState> {
  await using sandbox = await startSandbox()
  const recipe = await recipeOf(text)
  const cloud = await cloudOf(sandbox.environment)
  const plan = await planRecipe(recipe, {
    verbs,
    cloud,
    inputs: {},
    urlNames: [],
    explainCurl: false,
    sharesTokens: false,
    keepTokens: false,
  })
  const { events } = await runToEnd(recipe, { cloud })
  let state = nextState(emptyState, { type: 'opened', lesson: 0, plan, quizzes: {} })
  for (const event of events) state = nextState(state, { type: 'event', event })
  return nextState(state, { type: 'state', state: { at: 'end' } })
}

const rows = ({ steps }: PageState) =>
  steps.map(({ key, status, within }) => [key, status, ...(within ? [within] : [])])

test('the rounds of a step come after it, and it ends as the worst of them', async () => {
  const state = await stateAfter(`
osrun: 1
steps:
  - authenticate:
  - pick-endpoint: object-store
  - id: look
    request: HEAD \${endpoint}/\${item}
    for-each: [photos, none, photos]
`)
  expect(rows(state)).toEqual([
    ['authenticate-1', 'passed'],
    ['pick-endpoint-1', 'passed'],
    ['look', 'failed'],
    ['look[1]', 'passed', 'look'],
    ['look[2]', 'failed', 'look'],
    ['cleanup:revoke-token', 'passed'],
  ])
})

test('the page says what ended a run where no step does', async () => {
  const state = await stateAfter(`
osrun: 1
steps:
  - authenticate:
  - request: GET http://127.0.0.1:9/
    when: { service: nothing }
    capture: { amount: $.amount }
outputs: { total: "\${amount}" }
`)
  expect(verdictText({ ...state, run: { at: 'end' } })).toMatch(
    /^Did not pass: .*\. \$\{amount\} has no value\.$/,
  )
})

test('steps that clean up are rows of their own, and one that was not needed is skipped', async () => {
  const state = await stateAfter(`
osrun: 1
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request: PUT \${endpoint}/mine
    defer:
      - request: { method: DELETE, url: "\${endpoint}/mine" }
  - revoke:
`)
  const { status, result } = { status: rows(state), result: state.result }
  expect(status.slice(0, 4).map(([, one]) => one)).toEqual(['passed', 'passed', 'passed', 'passed'])
  expect(status.slice(4).map(([, one]) => one)).not.toContain('ready')
  expect([result?.status, state.passed]).toEqual(['passed', [0]])
  // What cleans up does not take the eyes from the last step.
  expect(state.selected).toBe('revoke-1')
})

test('the context has what each step gave, the catalog of the login, and which tokens are revoked', async () => {
  const state = await stateAfter(`
osrun: 1
steps:
  - authenticate:
  - authenticate: { as: second }
  - pick-endpoint: object-store
  - revoke: \${second}
`)
  const { context, catalog } = state
  expect(context.map(({ name, step, isRevoked }) => [name, step, isRevoked])).toEqual([
    ['token', 'authenticate-1', true],
    ['second', 'authenticate-2', true],
    ['endpoint', 'pick-endpoint-1', false],
  ])
  expect(catalog?.map(({ type }) => type)).toEqual(['identity', 'object-store'])
})

test('a page that is told all anew keeps what its learner has chosen', () => {
  const plan = { recipe: 'r', file: 'r.yaml', inputs: [], permissions: [], steps: [], cleanup: [] }
  const opened = { type: 'opened', lesson: 1, plan, quizzes: {} } as const
  const chosen = nextState(nextState(emptyState, opened), { type: 'choose', step: 'one', choice: 'this' })
  const again = nextState(nextState(chosen, { type: 'lessons', lessons: [] }), opened)
  expect(again.choices).toEqual({ one: 'this' })
  expect(nextState(again, { ...opened, lesson: 2 }).choices).toEqual({})
})
