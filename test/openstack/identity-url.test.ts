import { expect, test } from 'vitest'
import type { HttpRequest, HttpResponse } from '../../src/model/exchange.ts'
import { findIdentityUrl } from '../../src/openstack/auth/identity-url.ts'
import { answer } from './answer.ts'

/** What is found, and what was asked on the way. */
async function findWith(authUrl: string, response: HttpResponse | undefined) {
  const asked: HttpRequest[] = []
  const found = await findIdentityUrl(authUrl, async (request) => {
    asked.push(request)
    if (response === undefined) throw new Error('nothing is to be asked')
    return response
  })
  return { found, asked: asked.map(({ url }) => url) }
}

const version = (href: string, id = 'v3.14') => ({ id, status: 'stable', links: [{ rel: 'self', href }] })
const discovery = (...versions: readonly unknown[]): HttpResponse =>
  answer(300, { versions: { values: versions } })

test.each([
  ['http://k.test/v3', 'http://k.test/v3'],
  ['http://k.test:5000/v3/', 'http://k.test:5000/v3'],
  ['https://k.test/identity/v3//', 'https://k.test/identity/v3'],
  [' http://k.test/v3 ', 'http://k.test/v3'],
])('%j ends in /v3 and is taken without asking', async (authUrl, found) => {
  expect(await findWith(authUrl, undefined)).toEqual({ found, asked: [] })
})

// A link from a document: the host that the user gave stays, whatever the service thinks it is called.
test.each([
  ['http://h.test:5000/identity', 'http://h.test:5000/identity/v3/', 'http://h.test:5000/identity/v3'],
  ['https://pub.test/identity', 'http://10.0.0.1:5000/v3/', 'https://pub.test/identity/v3'],
  ['https://pub.test/', 'v3/', 'https://pub.test/v3'],
  ['https://pub.test', '/v3', 'https://pub.test/v3'],
  ['https://pub.test', 'http://pub.test/v3/', 'https://pub.test/v3'],
  ['https://pub.test/identity', 'identity/v3', 'https://pub.test/identity/identity/v3'],
  ['https://pub.test/keystone', 'https://pub.test/other/v3', 'https://pub.test/other/v3'],
  ['https://pub.test/identity', 'http://[bad', 'https://pub.test/identity/v3'],
  ['https://pub.test/identity', 'https://pub.test/elsewhere', 'https://pub.test/identity/v3'],
])('%s with the link %s is %s', async (authUrl, href, found) => {
  expect((await findWith(authUrl, discovery(version(href)))).found).toBe(found)
})

test.each([
  ['https://k.test', 'https://k.test/'],
  ['https://k.test/', 'https://k.test/'],
  ['https://k.test/identity/', 'https://k.test/identity'],
  ['https://k.test/v2.0', 'https://k.test/'],
  ['https://k.test/identity/v2.0/', 'https://k.test/identity'],
])('%s is asked for its versions at %s', async (authUrl, url) => {
  const { found, asked } = await findWith(authUrl, answer(404, undefined))
  expect(asked).toEqual([url])
  expect(found).toBe(`${url.replace(/\/$/, '')}/v3`)
})

test.each<[string, HttpResponse]>([
  ['a page', answer(200, '<html><title>Dashboard</title></html>', 'text/html')],
  ['nothing', answer(200, undefined)],
  ['404', answer(404, '<html>', 'text/html')],
  ['401', answer(401, { error: { message: 'no' } })],
  ['503', answer(503, 'busy', 'text/plain')],
  ['broken JSON', answer(300, '{"versions":', 'application/json')],
  ['a list', answer(200, [])],
  ['null', answer(200, null)],
  ['text in JSON', answer(200, '"x"', 'application/json')],
  ['versions that are none', answer(300, { versions: { values: null } })],
  ['versions that are text', answer(300, { versions: 'v3' })],
  ['links that are none', answer(300, { versions: { values: [{ id: 'v3', links: 1 }] } })],
  [
    'a link that is none',
    answer(300, { versions: { values: [{ id: 'v3', links: [null, { rel: 'self', href: 3 }] }] } }),
  ],
  ['the version 2 alone', discovery(version('https://k.test/v2.0/', 'v2.0'))],
  ['an error that looks like a document', answer(500, { version: version('https://k.test/x/v3') })],
])('where %s answers, /v3 is appended', async (_name, response) => {
  expect((await findWith('https://k.test/identity', response)).found).toBe('https://k.test/identity/v3')
})

test.each<[string, HttpResponse]>([
  ['a version alone', answer(200, { version: version('https://k.test/a/v3/') })],
  [
    'a plain list',
    answer(200, { versions: [version('https://k.test/v2.0/', 'v2.0'), version('https://k.test/a/v3')] }),
  ],
  ['status 300', discovery(version('https://k.test/v2.0/', 'v2.0'), version('https://k.test/a/v3/'))],
])('a document is read: %s', async (_name, response) => {
  expect((await findWith('https://k.test/', response)).found).toBe('https://k.test/a/v3')
})
