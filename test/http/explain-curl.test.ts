import { describe, expect, test } from 'vitest'
import { explainCurl, toCurl } from '../../src/http/curl-line/curl.ts'
import { curlGlosses } from '../../src/http/curl-line/curl-parts.ts'
import type { FormPart, HttpRequest, TlsOptions } from '../../src/model/exchange.ts'

const names = [
  { value: 'http://cloud.test/v1', variable: 'endpoint', secret: false },
  { value: 'open sesame', variable: 'OS_PASSWORD', secret: true },
]
const safe: TlsOptions = { insecure: false }
const headers = [
  ['X-Auth-Token', 'open sesame'],
  ['X-Subject-Token', 'open sesame'],
  ['Content-Type', 'text/plain'],
  ['X-Empty', ''],
  ['X-Object-Meta-A', 'b'],
] as const
const json = { password: 'open sesame' }

/** Requests that make use of every option, each of them at least once. */
const cases: readonly (readonly [HttpRequest, TlsOptions])[] = [
  [{ method: 'HEAD', url: 'http://cloud.test/v1/a', headers }, safe],
  [{ method: 'GET', url: 'http://other.test/{a}/../b', headers: [], saveTo: '/tmp/a' }, { insecure: true }],
  [
    { method: 'PUT', url: 'http://cloud.test/v1', headers: [['Accept', 'a/b']] },
    { insecure: false, cacert: '/a', cert: '/b', key: '/c' },
  ],
  [
    {
      method: 'POST',
      url: 'http://cloud.test/v1',
      headers,
      body: { kind: 'text', text: JSON.stringify(json), json },
    },
    safe,
  ],
  [
    {
      method: 'POST',
      url: 'http://cloud.test/v1',
      headers: [],
      body: { kind: 'text', text: 'say open sesame' },
    },
    safe,
  ],
  [
    { method: 'POST', url: 'http://cloud.test/v1', headers: [], body: { kind: 'text', text: 'say nothing' } },
    safe,
  ],
  [{ method: 'POST', url: 'http://cloud.test/v1', headers: [], body: { kind: 'text', text: '@home' } }, safe],
  [{ method: 'PUT', url: 'http://cloud.test/v1', headers: [], body: { kind: 'file', path: '/tmp/a' } }, safe],
  [
    { method: 'POST', url: 'http://cloud.test/v1/', headers: [], body: { kind: 'file', path: '/tmp/a' } },
    safe,
  ],
  [formWith([{ name: 'a', file: '/tmp/a' }]), safe],
  [formWith([{ name: 'a', text: '@home' }]), safe],
  [formWith([{ name: 'a', text: 'open sesame' }]), safe],
]

function formWith(parts: readonly FormPart[]): HttpRequest {
  return { method: 'POST', url: 'http://cloud.test/v1', headers: [], body: { kind: 'multipart', parts } }
}

test('every option of the table is one that the renderer prints', () => {
  const used = cases.flatMap(([request, tls]) =>
    explainCurl(request, { names, tls }).map(({ words }) => words),
  )
  expect([...new Set(used)].sort()).toEqual(Object.keys(curlGlosses).sort())
})

describe.each(cases.map(([request, tls]) => [toCurl(request, { names, tls }), request, tls] as const))(
  '%s',
  (line, request, tls) => {
    test('has a gloss for each of its options, in their order', () => {
      const told = explainCurl(request, { names, tls }).map(({ words }) => words.split(' ')[0])
      const options = line
        .split(' ')
        .filter((word) => /^(--?[a-zA-Z]|jq$|printf$)/.test(word) && word !== '-cnj' && word !== '-rn')
      expect([...new Set(told.filter((word) => !/\$NAME/.test(word ?? '')))]).toEqual([...new Set(options)])
    })
  },
)

test('a gloss is one short line without a full stop', () => {
  for (const meaning of Object.values(curlGlosses)) expect(meaning).toMatch(/^[^\n]{10,75}[^.\n]$/)
})
