import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toCurl } from '../../src/http/curl-line/curl.ts'
import { importRecipe } from '../../src/import/import-recipe.ts'
import type { HttpRequest, Transport } from '../../src/model/exchange.ts'
import { percentEncode } from '../../src/recipe/template/render-template.ts'
import { isSecretName } from '../../src/util/secret-names.ts'
import { cloudOf, recipeOf, runToEnd } from '../run/on-sandbox.ts'

const cloud = await cloudOf({ OS_AUTH_TYPE: 'none', OS_ENDPOINT: 'http://127.0.0.1:1' })

/** What the recipe that a shell line becomes sends. */
async function sentBy(
  line: string,
  inputs: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<readonly HttpRequest[]> {
  const { text } = importRecipe({ file: 'line.sh', text: `${line}\n` }, { from: 'curl' })
  const sent: HttpRequest[] = []
  const transport: Transport = {
    async send(request) {
      sent.push(request)
      const facts = { size: 0, md5: '', sha256: '', duration: 0 }
      return { status: 200, headers: [], body: new Uint8Array(), ...facts }
    },
    close: async () => {},
  }
  const recipe = await recipeOf(text)
  const wanted = Object.fromEntries(
    Object.entries(inputs).filter(([name]) => recipe.inputs.some((one) => one.name === name)),
  )
  const { result } = await runToEnd(recipe, { cloud, transport, inputs: wanted, environment })
  expect(result.problem).toBeUndefined()
  return sent
}

/** A request as far as a server can tell it from another. */
function essence({ method, url, headers, body }: HttpRequest): unknown {
  const kept = headers
    .filter(([name, value]) => !/^user-agent$/i.test(name) && !(/^accept$/i.test(name) && value === '*/*'))
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
  const text = body?.kind === 'text' ? body.text : ''
  return { method, url, headers: kept.sort(), text }
}

const printable = fc.stringMatching(/^[!-~]([ -~]{0,12}[!-~])?$/)
const segment = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 10 }),
    fc.constantFrom("a'b", 'a b', '!!', '$x', '${y}', '-x'),
  )
  .map((text) => percentEncode(text, false))
const rawSegment = fc.constantFrom("a'b", '!!', '$x', '$', '[1-3]', '..', '$$', 'a$', '%41', '(1)', '@')
const path = fc
  .array(fc.oneof(segment, rawSegment), { minLength: 1, maxLength: 4 })
  .map((all) => `/${all.join('/')}`)
const query = fc.oneof(
  fc.constant(''),
  fc.constantFrom(
    '?nocatalog',
    '?a=1&b=%20x',
    '?limit=007',
    '?a=1&a=2',
    '?q=a+b',
    '?e=',
    '?format=json&limit=10',
  ),
)
const headers = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^X-[A-Za-z][A-Za-z0-9-]{0,8}$/), printable), {
    selector: ([name]) => name.toLowerCase(),
    maxLength: 3,
  })
  .filter((list) => list.every(([name]) => !isSecretName(name)))
const shellText = fc
  .string({ unit: 'binary', maxLength: 40 })
  .map((text) => text.replace(/[\0\ufdd0\ufdd1]/g, ''))
const body = fc.oneof(
  fc.constant(undefined),
  fc.tuple(fc.constantFrom('text/plain', 'application/json', undefined), shellText),
  fc.jsonValue({ maxDepth: 3 }).map((value) => ['application/json', JSON.stringify(value), value] as const),
)

const request = fc
  .record({
    method: fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH', 'COPY'),
    url: fc.tuple(path, query).map(([one, two]) => `http://127.0.0.1:1${one}${two}`),
    headers,
    body,
  })
  .map(({ method, url, headers: given, body: made }): HttpRequest => {
    const [type, text = '', json] = method === 'HEAD' || made === undefined ? [] : made
    return {
      method,
      url,
      headers: [
        ['Accept', '*/*'],
        ...given,
        ...(type === undefined ? [] : [['Content-Type', type] as const]),
      ],
      ...(text !== '' && { body: { kind: 'text', text, ...(json !== undefined && { json }) } }),
    }
  })
  // A recipe percent-encodes what no URL may hold, braces for one, so that such URLs are not made here.
  .filter(({ url }) => URL.canParse(url))

test('a printed curl line, imported, sends the request that it was printed for', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(request, async (wanted) => {
      const line = toCurl(wanted, { names: [], tls: { insecure: false } })
      const [sent, more] = await sentBy(line)
      expect(more).toBeUndefined()
      expect(essence(sent as HttpRequest)).toEqual(essence(wanted))
    }),
    { numRuns: 300 },
  )
})

test('with secrets as variables, the same request is sent when the variables are given', {
  timeout: 120_000,
}, async () => {
  const secret = fc.stringMatching(/^[ -~\u00e9\u20ac]{6,12}$/).filter((text) => text.trim() === text)
  await fc.assert(
    fc.asyncProperty(secret, fc.boolean(), async (value, isJson) => {
      const json = { auth: { who: 'me', key: value, list: [1, `a${value}b`] } }
      const text = isJson ? JSON.stringify(json) : `before ${value} after`
      const wanted: HttpRequest = {
        method: 'POST',
        url: 'http://127.0.0.1:1/v1/x',
        headers: [
          ['Accept', '*/*'],
          ['X-One', `a ${value} b`],
          ['Content-Type', isJson ? 'application/json' : 'text/plain'],
        ],
        body: { kind: 'text', text, ...(isJson && { json }) },
      }
      const line = toCurl(wanted, {
        names: [
          { value, variable: 'mine', secret: true },
          { value: 'http://127.0.0.1:1/v1', variable: 'endpoint', secret: false },
        ],
        tls: { insecure: false },
      })
      const [sent] = await sentBy(line, { mine: value, 'endpoint-url': 'http://127.0.0.1:1/v1' })
      expect(essence(sent as HttpRequest)).toEqual(essence(wanted))
    }),
    { numRuns: 60 },
  )
})

test('a quote that is escaped hides nothing of what stands after it', async () => {
  const wanted = {
    method: 'POST',
    url: 'http://127.0.0.1:1/a',
    headers: [['Content-Type', 'application/json']],
    body: { kind: 'text', text: `{"":"'","{\`":null}` },
  } as const
  const [sent] = await sentBy(toCurl(wanted, { names: [], tls: { insecure: false } }))
  expect(essence(sent as HttpRequest)).toEqual(essence(wanted))
})
