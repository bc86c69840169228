import fc from 'fast-check'

type Step = Readonly<Record<string, unknown>>

const captures = fc.dictionary(
  fc.constantFrom('four', 'five', 'six-more'),
  fc.constantFrom(
    'status',
    'body',
    'headers.etag',
    '$.id',
    '$.list[*].id',
    { from: '$.name', pattern: '(.*)-x' },
    { from: '$.adminPass', secret: true },
  ),
  { minKeys: 0, maxKeys: 3, noNullPrototype: true },
)

const value = fc.constantFrom(
  'plain',
  '${endpoint}',
  '${token}',
  '${word}',
  '${number}',
  'a ${word} b ${number}',
  '${env.HOME:-nowhere}',
  '${run.id}',
  '${one}',
  '${two}',
  '${three-more}',
  '${token.user.id}',
  '${endpoint.region}',
  '${response.json.id}',
)

const body = fc.oneof(
  fc.record({
    json: fc.record({
      a: value,
      b: fc.record({ c: value }),
      d: fc.constantFrom(1, null, true, 'it\'s "so"'),
    }),
  }),
  fc.record({ form: fc.record({ f: value }) }),
  fc.record({ body: value }),
  fc.constant({}),
)

const expectation = fc.oneof(
  fc.constantFrom<unknown>(
    200,
    [200, 204],
    { minimum: 1, maximum: 5 },
    { pattern: '^a' },
    { enum: ['a', 'b'] },
  ),
  value,
)

const assertion = fc
  .record(
    {
      status: fc.constantFrom(200, [200, 404]),
      headers: fc.record({ etag: expectation }),
      json: fc.record({ '$.id': expectation }),
      context: fc.record({ word: expectation }),
    },
    { requiredKeys: [] },
  )
  .filter((one) => Object.keys(one).length > 0)

const url = fc.constantFrom(
  '${endpoint}/things/${word}',
  '/things?name=${word}&n=${number}',
  '${endpoint}/${one}',
  'http://elsewhere.example/${two}',
)

const plainRequest = fc
  .tuple(
    fc.record(
      {
        method: fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH'),
        url,
        headers: fc.record({ 'X-Own': value }),
        query: fc.record({ q: value }),
        expect: fc.constantFrom<unknown>(200, [201, 404], { minimum: 200 }),
        redirect: fc.constant(false),
        token: fc.boolean(),
      },
      { requiredKeys: ['method', 'url'] },
    ),
    body,
  )
  .map(([line, sent]) => ({ request: /GET|HEAD|DELETE/.test(line.method) ? line : { ...line, ...sent } }))

const keys = fc.record(
  {
    capture: captures,
    when: fc.constantFrom({ service: 'compute' }, { word: 'x' }, { number: { minimum: 2 } }),
    'for-each': fc.constantFrom<unknown>(['a', 'b'], '${list}', [1, { x: 'y' }]),
    retry: fc.constantFrom<unknown>(2, { times: 3, on: [503], delay: '1s' }),
    timeout: fc.constant('5s'),
    'allow-failure': fc.constant(true),
  },
  { requiredKeys: [] },
)

const request = fc
  .tuple(
    plainRequest,
    keys,
    fc.option(fc.record({ until: assertion, every: fc.constant('1s') }), { nil: {} }),
    fc.array(plainRequest, { maxLength: 2 }),
  )
  .map(([one, more, polling, defer]) => ({ ...one, ...more, ...polling, ...(defer.length > 0 && { defer }) }))

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: request },
  { weight: 2, arbitrary: assertion.map((assert) => ({ assert })) },
  fc.constantFrom<Step>(
    { authenticate: { as: 'other' } },
    { authenticate: { nocatalog: true } },
    { 'pick-endpoint': { service: 'compute', as: 'second' } },
    { 'pick-endpoint': { service: 'object-store', version: '1' } },
    { revoke: null },
    { revoke: '${token}' },
    { pause: '1s' },
    { pause: { question: 'Go on with ${word}?' } },
    { sign: { url: '${endpoint}/a/b', key: '${env.KEY}', expires: '5m' } },
  ),
)

// Each of its names is read by some recipes, and by others not.
const first = {
  request: 'GET /first',
  capture: { one: '$.id', two: 'headers.etag', 'three-more': 'status' },
}

const simpleStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(plainRequest, fc.record({ capture: captures }, { requiredKeys: [] }))
      .map(([one, more]) => ({ ...one, ...more })),
  },
  { weight: 2, arbitrary: assertion.map((assert) => ({ assert })) },
  fc.constantFrom<Step>(
    { authenticate: { as: 'other' } },
    { 'pick-endpoint': { service: 'compute', as: 'second' } },
    { revoke: null },
    { pause: '1s' },
  ),
)

function recipesOf(steps: fc.Arbitrary<Step>): fc.Arbitrary<string> {
  return fc.array(steps, { minLength: 1, maxLength: 5 }).map((own) =>
    JSON.stringify({
      osrun: 1,
      name: 'Generated',
      inputs: { word: 'x', number: 3, list: { type: 'array', default: ['a'] } },
      steps: [{ authenticate: null }, { 'pick-endpoint': 'object-store' }, first, ...own],
    }),
  )
}

/** Recipes of any steps, as JSON, which is YAML. */
export const anyRecipe = recipesOf(step)

/** Those whose steps do one thing after the other. */
export const simpleRecipe = recipesOf(simpleStep)
