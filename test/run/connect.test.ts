import { afterEach, beforeEach, expect, test } from 'vitest'
import { connect } from '../../src/library/index.ts'
import { sweep } from '../../src/run/ledger/sweep.ts'
import { cloudOf, type Sandbox, startSandbox } from './on-sandbox.ts'
import { startSmallKeystone } from './small-keystone.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

const posts = (): number => sandbox.requests.filter(({ method }) => method === 'POST').length

test('a session sends nothing before it is used, then one authentication for many requests', async () => {
  const session = connect({ cloud: await cloudOf(sandbox.environment) })
  expect(sandbox.requests).toHaveLength(0)
  const { url } = await session.endpoint('object-store')
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => session.request('HEAD', `${url}/photos`)),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(204))
  expect(posts()).toBe(1)
  await session.close()
  expect(sandbox.liveTokens()).toEqual([])
})

test('requests that meet a 401 together share one renewal', async () => {
  const session = connect({ cloud: await cloudOf(sandbox.environment) })
  const { url } = await session.endpoint('object-store')
  const { id } = await session.token()
  await fetch(`${sandbox.authUrl}/auth/tokens`, {
    method: 'DELETE',
    headers: { 'X-Auth-Token': id, 'X-Subject-Token': id },
  })
  const answers = await Promise.all(Array.from({ length: 5 }, () => session.request('HEAD', `${url}/photos`)))
  expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(204))
  expect(posts()).toBe(2)
  await session.close()
  expect(sandbox.liveTokens()).toEqual([])
})

test('a token near its end is renewed before it is used', async () => {
  let now = Date.now()
  const session = connect({ cloud: await cloudOf(sandbox.environment), now: () => now })
  const first = await session.token()
  now = Date.parse(first.expiresAt) - 60_000
  const second = await session.token()
  expect(second.id).not.toBe(first.id)
  await session.close()
  expect(sandbox.liveTokens()).toEqual([])
})

test('a URL outside of the catalog gets no token and no request', async () => {
  await using session = connect({ cloud: await cloudOf(sandbox.environment) })
  await expect(session.request('GET', 'http://127.0.0.1:9/x')).rejects.toMatchObject({ code: 'URL_INVALID' })
})

test('a secret that a cloud quotes stands in no error of a session, nor in a problem of sweeping', async () => {
  const keystone = await startSmallKeystone({
    other: ({ headers }, response) => {
      response.writeHead(409, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify({ conflict: { message: `not with ${headers['x-auth-token']}` } }))
    },
  })
  await using session = connect({ cloud: await keystone.cloud() })
  const { id } = await session.token()
  expect(session.mask(`the token ${id}`)).toBe('the token ***')
  const url = `${keystone.base}/v1/c`
  const owner = { kind: 'run', osrun: 1, run: 'r', recipe: 'r', file: 'f', process: {} } as never
  const creation = { kind: 'create', entry: 1, method: 'PUT', url, deletes: [url], step: 's' } as never
  const ledger = { path: '/nowhere/at/all', owner, ended: true, lastTime: 0, left: [] }
  const swept = await sweep([{ ledger, creation, url, isOwn: true }], session).next()
  expect(swept.value).toMatchObject({
    status: 'kept',
    problem: { message: `DELETE ${url} was answered 409: not with ***.` },
  })
})

test('a redirect that cannot be followed is told as the answer that it was, and as no other request', async () => {
  const keystone = await startSmallKeystone({
    other: (_request, response) => void response.writeHead(301, { Location: 'ftp://h/x' }).end(),
  })
  const told: string[] = []
  const session = connect({
    cloud: await keystone.cloud(),
    onEvent: (event) => event.type === 'exchange' && told.push(event.exchange.method),
  })
  await expect(session.request('GET', `${keystone.base}/v1/c`)).rejects.toThrow('which is not HTTP')
  await session.close()
  expect(told).toEqual(keystone.seen.map(({ method }) => method))
})

test('what hears of an event and fails is asked once', async () => {
  const told: string[] = []
  const session = connect({
    cloud: await cloudOf(sandbox.environment),
    onEvent(event) {
      told.push(event.type)
      if (told.length === 1) throw new Error('full')
    },
  })
  await expect(session.token()).rejects.toThrow('full')
  await session.close()
  expect(told).toHaveLength(sandbox.requests.length)
  expect(sandbox.liveTokens()).toEqual([])
})
