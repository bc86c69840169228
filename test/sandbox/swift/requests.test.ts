import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts'
import { account, login, parseAnswer, send } from '../ask.ts'
import { type Asking, asking, asLearner, namesIn } from './learner.ts'

let sandbox: Sandbox
let ask: Asking
let token = ''
beforeAll(async () => {
  sandbox = await startSandbox()
  ask = await asLearner(sandbox)
  token = await login(sandbox)
  await ask('PUT', '/box')
})
afterAll(() => sandbox.close())

async function sent(lines: readonly string[], body = ''): Promise<ReturnType<typeof parseAnswer>> {
  const head = [...lines, 'Host: x', `X-Auth-Token: ${token}`, 'Connection: close', '', body].join('\r\n')
  return parseAnswer(await send(Number(new URL(sandbox.url).port), Buffer.from(head, 'latin1')))
}

const bytes = (text: string): string => Buffer.from(text).toString('latin1')

test('a path in UTF-8 need not be encoded, and one in other bytes is refused', async () => {
  expect((await sent([`PUT ${account}/${bytes('kürbis')} HTTP/1.1`, 'Content-Length: 0'])).status).toBe(201)
  expect(await namesIn(ask, '')).toContain('kürbis')
  const answer = await sent([`PUT ${account}/\xff HTTP/1.1`, 'Content-Length: 0'])
  expect([answer.status, answer.body.toString()]).toEqual([412, 'Invalid UTF8 or contains NULL'])
})

test('a body of which nothing says how long it is gets 411, not the 400 of what follows', async () => {
  expect((await sent([`PUT ${account}/box/o HTTP/1.1`], 'hello, world')).status).toBe(411)
})

test('a connection that is not asked to stay is not said to', async () => {
  const [plain, asked] = await Promise.all(
    [{}, { Connection: 'keep-alive' }].map((headers) =>
      fetch(`${sandbox.url}/healthcheck`, { headers: headers as Record<string, string> }),
    ),
  )
  expect(plain?.status).toBe(200)
  expect(asked?.status).toBe(200)
  const head = await send(
    Number(new URL(sandbox.url).port),
    'GET /healthcheck HTTP/1.1\r\nHost: x\r\n\r\nGET /healthcheck HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  )
  expect(parseAnswer(head).header('Connection')).toBeUndefined()
})

test('headers name objects percent-encoded, or in UTF-8 as it is', async () => {
  await ask('PUT', '/box/%C3%A4', {}, 'umlaut')
  for (const named of ['box/%C3%A4', bytes('box/ä')]) {
    expect((await ask('PUT', '/box/copy', { 'X-Copy-From': named })).status).toBe(201)
    await ask('PUT', '/box/dynamic', { 'X-Object-Manifest': named })
    expect((await ask('GET', '/box/dynamic')).body.toString()).toBe('umlaut')
  }
})

test('a content type is kept as it is, and listed as text without blanks', async () => {
  await ask('PUT', '/types')
  await ask('PUT', '/types/o', { 'Content-Type': bytes('text/x; flavour=süß') }, 'x')
  expect((await ask('GET', '/types/o')).header('Content-Type')).toBe(bytes('text/x; flavour=süß'))
  const rows = (await ask('GET', '/types?format=json')).json()
  expect(rows).toMatchObject([{ content_type: 'text/x;flavour=süß' }])
})

test.each(['bytes=1-2', 'BYTES = 1 - 2', 'bytes=1-2 '])('Range: %s asks for two bytes', async (range) => {
  await ask('PUT', '/box/o', {}, 'hello')
  expect((await ask('GET', '/box/o', { Range: range })).body.toString()).toBe('el')
})

test('an end in the far future is as far as Swift can tell', async () => {
  await ask('PUT', '/box/late', { 'X-Delete-At': '999999999999999' })
  expect((await ask('HEAD', '/box/late')).header('X-Delete-At')).toBe('9999999999')
})

test('the limits of metadata count what was there before', async () => {
  const fifty = (letter: string): Record<string, string> =>
    Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`X-Container-Meta-${letter}${at}`, 'x']))
  expect((await ask('POST', '/box', fifty('a'))).status).toBe(204)
  expect((await ask('POST', '/box', fifty('b'))).status).toBe(400)
})

test('path lists one level, with the places that have been put', async () => {
  await ask('PUT', '/tree')
  for (const name of ['a', 'dir/', 'dir/b', 'dir/deep/', 'dir/deep/c', '/root'])
    await ask('PUT', `/tree/${name}`)
  expect(await namesIn(ask, '/tree?path=')).toEqual(['a', 'dir/'])
  expect(await namesIn(ask, '/tree?path=dir')).toEqual(['dir/b', 'dir/deep/'])
  expect(await namesIn(ask, '/tree?path=/')).toEqual(['/root'])
})

test('a temporary URL signs neither a version nor a manifest', async () => {
  await ask('POST', '', { 'X-Account-Meta-Temp-Url-Key': bytes('schlüssel') })
  const { createHmac } = await import('node:crypto')
  const expires = Math.floor(Date.now() / 1000) + 60
  await ask('PUT', '/box/o', {}, 'hello')
  const signature = createHmac('sha256', 'schlüssel')
    .update(`GET\n${expires}\n${account}/box/o`)
    .digest('hex')
  const nobody = asking(sandbox, account)
  const query = `temp_url_sig=${signature}&temp_url_expires=${expires}`
  expect((await nobody('GET', `/box/o?${query}&version-id=1700000000.00000`)).body.toString()).toBe('hello')
})

test('a manifest with heartbeat is 202 at once, and says in its body what became of it', async () => {
  await ask('PUT', '/box/piece', {}, 'piece')
  const put = (path: string): ReturnType<Asking> =>
    ask('PUT', '/box/large?multipart-manifest=put&heartbeat=on', {}, JSON.stringify([{ path }]))
  const good = await put('/box/piece')
  expect(good.status).toBe(202)
  expect(good.body.toString()).toMatch(/^ +\r\n\r\n/)
  expect(good.body.toString()).toContain('Response Status: 201 Created')
  const bad = await put('/box/none')
  expect(bad.status).toBe(202)
  expect(bad.body.toString()).toContain('Response Status: 400 Bad Request')
  expect(bad.body.toString()).toContain('/box/none, 404 Not Found')
})

test('a copy to another account needs leave to write there', async () => {
  const forge = '/v1/AUTH_51d90dd77d30402fbf0119d9e76f7ef4'
  const scope = { project: { name: 'forge', domain: { name: 'Guild' } } }
  const smith = asking(
    sandbox,
    forge,
    await login(sandbox, 'smith', 'smith-password', scope, { name: 'Guild' }),
  )
  await smith('PUT', '/anvil')
  await ask('PUT', '/box/o', {}, 'hello')
  const target = { Destination: 'anvil/o', 'Destination-Account': forge.slice('/v1/'.length) }
  expect((await ask('COPY', '/box/o', target)).status).toBe(403)
  await smith('POST', '/anvil', { 'X-Container-Write': 'fee040b1c4d24aeb985c3cdea1c3f363:*' })
  const copied = await ask('COPY', '/box/o', target)
  expect([copied.status, copied.header('X-Copied-From-Account')]).toEqual([201, account.slice('/v1/'.length)])
  expect((await smith('GET', '/anvil/o')).body.toString()).toBe('hello')
  expect(
    (await smith('PUT', '/anvil/mine', { 'X-Copy-From': 'box/o', 'X-Copy-From-Account': account.slice(4) }))
      .status,
  ).toBe(403)
})

test('there is no other cluster to copy a container to', async () => {
  for (const [target, problem] of [
    ['//realm/cluster/AUTH_a/c', "No realm key for 'REALM'"],
    ['ftp://host/v1/a/c', `Invalid scheme 'ftp' in X-Container-Sync-To, must be "//", "http", or "https".`],
    ['https://host/v1/a/c', "Invalid host 'host' in X-Container-Sync-To"],
  ] as const) {
    const answer = await ask('POST', '/box', { 'X-Container-Sync-To': target })
    expect([answer.status, answer.body.toString()]).toEqual([400, problem])
  }
  expect((await ask('GET', '/box', { 'X-Container-Sync-Auth': 'a b c' })).status).toBe(401)
})

test('versions are listed by delimiter, and from a marker in reverse', async () => {
  await ask('PUT', '/versions', { 'X-Versions-Enabled': 'true' })
  for (const name of ['a-x', 'b', 'b', 'c']) await ask('PUT', `/versions/${name}`, {}, 'x')
  const rows = async (query: string): Promise<readonly string[]> =>
    (
      (await ask('GET', `/versions?versions&${query}`)).json() as readonly {
        name?: string
        subdir?: string
      }[]
    ).map(({ name, subdir }) => name ?? subdir ?? '')
  expect(await rows('delimiter=-')).toEqual(['a-', 'b', 'b', 'c'])
  expect(await rows('marker=b&reverse=true')).toEqual(['b', 'b', 'a-x'])
  expect(await rows('marker=b')).toEqual(['c'])
  expect((await ask('GET', '/versions?versions&delimiter=.')).status).toBe(400)
  expect((await ask('GET', '/versions?versions&format=xml')).status).toBe(406)
})

test('the end of an object is not the end of its version', async () => {
  await ask('PUT', '/ends', { 'X-Versions-Enabled': 'true' })
  const put = await ask('PUT', '/ends/o', { 'X-Delete-After': '60' }, 'x')
  const id = put.header('X-Object-Version-Id') ?? ''
  expect((await ask('HEAD', `/ends/o?version-id=${id}`)).header('X-Delete-At')).toBeUndefined()
})

test('a method that nobody knows is 405, and one of a body that makes no sense 501', async () => {
  expect((await sent([`LICK ${account} HTTP/1.1`])).status).toBe(405)
  const coding = await sent([`PUT ${account}/box/o HTTP/1.1`, 'Transfer-Encoding: gzip,chunked'], 'x')
  expect(coding.status).toBe(501)
})

test('a source that is not there is told before who may not write', async () => {
  const headers = { Destination: 'anvil/o', 'Destination-Account': 'AUTH_51d90dd77d30402fbf0119d9e76f7ef4' }
  expect((await ask('COPY', '/box/none', headers)).status).toBe(404)
})

test('access lists reach no versions', async () => {
  await ask('PUT', '/shared', { 'X-Versions-Enabled': 'true', 'X-Container-Read': '.r:*,default:learner' })
  const id = (await ask('PUT', '/shared/o', {}, 'x')).header('X-Object-Version-Id')
  const nobody = asking(sandbox, account)
  expect((await nobody('GET', '/shared/o')).status).toBe(200)
  expect((await nobody('GET', `/shared/o?version-id=${id}`)).status).toBe(401)
})

test('an access list names projects and users of the default domain, and of no other', async () => {
  await ask('PUT', '/named', { 'X-Container-Read': 'workshop:onlooker,forge:smith' })
  await ask('PUT', '/named/o', {}, 'x')
  const onlooker = asking(sandbox, account, await login(sandbox, 'onlooker', 'onlooker-password'))
  expect((await onlooker('GET', '/named/o')).status).toBe(200)
  const scope = { project: { name: 'forge', domain: { name: 'Guild' } } }
  const smith = asking(
    sandbox,
    account,
    await login(sandbox, 'smith', 'smith-password', scope, { name: 'Guild' }),
  )
  expect((await smith('GET', '/named/o')).status).toBe(403)
})
