import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { opening, play, startStranger } from '../steps/play.ts'
import { type Sandbox, startSandbox } from './on-sandbox.ts'

let sandbox: Sandbox
let stranger: Awaited<ReturnType<typeof startStranger>>
beforeEach(async () => {
  ;[sandbox, stranger] = await Promise.all([startSandbox(), startStranger()])
})
afterEach(() => Promise.all([sandbox.close(), stranger.close()]))

const head = `inputs:
  word: a b
  empty: ""
  n: 3
  yes: true
  list: { type: array, default: [1, { a: x }] }
  map: { type: object, default: { key: { deep: d }, "odd key": o } }
`
const sent = async (json: string, options: Parameters<typeof play>[2] = {}) => {
  const { result } = await play(
    sandbox,
    `${opening}  - request: { url: "POST ${stranger.url}/", json: ${json} }\n`,
    { head, allowOrigins: [stranger.url], ...options },
  )
  return { result, json: JSON.parse(stranger.heard[0]?.body ?? 'null') }
}

test.each([
  ['"${word}"', 'a b'],
  ['"${n}"', 3],
  ['" ${n}"', ' 3'],
  ['"${yes}"', true],
  ['"${list}"', [1, { a: 'x' }]],
  ['"as text: ${list}"', 'as text: [1,{"a":"x"}]'],
  ['"${list[1].a}${list[0]}"', 'x1'],
  ['"${map.key.deep}"', 'd'],
  [`"\${map['odd key']}"`, 'o'],
  ['"${empty}"', ''],
  ['"${empty:-none}"', 'none'],
  ['"${n:-none}"', 3],
  ['"${map.none:-none}"', 'none'],
  ['"${map.none:-}"', ''],
  ['"${map.none:-${n}}"', 3],
  ['"${map.none:-${list[9]:-${word}!}}"', 'a b!'],
  ['"${word:?must be there}"', 'a b'],
  ['"$${word}"', '${word}'],
  ['"$$${word}"', '$${word}'],
  ['"$word ${word} $"', '$word a b $'],
  ['{ "${word}": 1 }', { '${word}': 1 }],
  ['"${env.HERE}"', 'here'],
  ['"${env.NOT_HERE:-fallback}"', 'fallback'],
  ['"${token.project.name} ${token.project.domain.id}"', 'workshop default'],
  ['"${endpoint.region} ${endpoint.interface} ${endpoint.service}"', 'RegionOne public object-store'],
  ['"${catalog[0].type}"', 'identity'],
  ['"${response.status}"', 201],
  ['"${steps.authenticate-1.response.json.token.user.name}"', 'learner'],
])('%s is %j', async (template, value) => {
  const { result, json } = await sent(template, { environment: { HERE: 'here' } })
  expect(result.problem).toBeUndefined()
  expect(json).toEqual(value)
})

test('a token is its id as text, alone or within', async () => {
  const { json } = await sent('["${token}", "<${token}>", { t: "${token}" }]')
  expect(json[0]).toMatch(/^gAAAA/)
  expect(json).toEqual([json[0], `<${json[0]}>`, { t: json[0] }])
})

test('an endpoint is its URL, and run.id is one for the whole run', async () => {
  const { json } = await sent('["${endpoint}", "${endpoint.url}", "${run.id}", "${run.id}"]')
  expect(json[0]).toBe(`${sandbox.url}/v1/AUTH_fee040b1c4d24aeb985c3cdea1c3f363`)
  expect(json[1]).toBe(json[0])
  expect(json[2]).toMatch(/^[0-9a-f]{8}$/)
  expect(json[3]).toBe(json[2])
})

describe('a read without a value', () => {
  test.each([
    ['${map.none}', '${map.none} has no value.'],
    ['${empty:?give it}', 'empty: give it'],
    ['${env.NOT_HERE}', '${env.NOT_HERE} has no value.'],
    ['${env.NOT_HERE:?}', '${env.NOT_HERE} is missing.'],
    ['${map.constructor}', '${map.constructor} has no value.'],
    ['${list[9]}', '${list[9]} has no value.'],
  ])('%s ends the step with its place', async (template, message) => {
    const { result } = await sent(`{ key: "${template}" }`)
    expect(result).toMatchObject({ exit: 3, problem: { code: 'VALUE_MISSING', message, at: { line: 13 } } })
    expect(stranger.heard).toEqual([])
  })
})

test.each([
  ['${wrod}', 'Did you mean "word"?'],
  ['${steps.later.response.status}', undefined],
  ['${run.name}', 'Did you mean "run.id"?'],
  ['${env}', undefined],
  ['${empty:-${nothing}}', undefined],
])('%s is refused before anything is sent', async (template, hint) => {
  const refused = expect(sent(`"${template}"`)).rejects
  await refused.toMatchObject({ problems: [{ code: 'NAME_UNKNOWN', ...(hint && { hint }) }] })
})
