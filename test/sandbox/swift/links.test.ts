import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts'
import { account, login } from '../ask.ts'
import { asker, newData, startKept } from '../kept.ts'
import { type Asking, asking, asLearner } from './learner.ts'

let sandbox: Sandbox
let ask: Asking
const md5 = '5d41402abc4b2a76b9719d911017c592'
beforeAll(async () => {
  sandbox = await startSandbox()
  ask = await asLearner(sandbox)
  await ask('PUT', '/here')
  await ask('PUT', '/there')
  await ask('PUT', '/there/hello%20world', { 'Content-Type': 'text/x-hello' }, 'hello')
})
afterAll(() => sandbox.close())

test('a link is read as its target, and tells where that is', async () => {
  await ask('PUT', '/here/link', { 'X-Symlink-Target': 'there/hello%20world' })
  const answer = await ask('GET', '/here/link')
  expect([answer.status, answer.body.toString(), answer.header('Content-Type')]).toEqual([
    200,
    'hello',
    'text/x-hello',
  ])
  expect(answer.header('Content-Location')).toBe(`${account}/there/hello%20world`)
})

test('symlink=get shows the link itself', async () => {
  await ask('PUT', '/here/link', { 'X-Symlink-Target': 'there/hello%20world' })
  const answer = await ask('HEAD', '/here/link?symlink=get')
  expect(answer.header('X-Symlink-Target')).toBe('there/hello%20world')
  expect([answer.header('Content-Length'), answer.header('Content-Type')]).toEqual([
    '0',
    'application/symlink',
  ])
})

test('two links behind one another are followed, a third is one too many', async () => {
  await ask('PUT', '/here/first', { 'X-Symlink-Target': 'there/hello%20world' })
  await ask('PUT', '/here/second', { 'X-Symlink-Target': 'here/first' })
  await ask('PUT', '/here/third', { 'X-Symlink-Target': 'here/second' })
  expect((await ask('GET', '/here/second')).body.toString()).toBe('hello')
  const answer = await ask('GET', '/here/third')
  expect([answer.status, answer.body.toString()]).toEqual([
    409,
    'Too many levels of symbolic links, maximum allowed is 2',
  ])
})

test('a link with an ETag leads to that object only, and listings tell its length', async () => {
  const put = await ask('PUT', '/here/static', {
    'X-Symlink-Target': 'there/hello%20world',
    'X-Symlink-Target-Etag': md5,
  })
  expect(put.status).toBe(201)
  const rows = (await ask('GET', '/here?format=json&prefix=static')).json()
  expect(rows).toMatchObject([
    {
      bytes: 0,
      symlink_etag: md5,
      symlink_bytes: 5,
      symlink_path: `${account}/there/hello%20world`,
      content_type: 'text/x-hello',
    },
  ])
  await ask('PUT', '/there/hello%20world', {}, 'other')
  expect((await ask('GET', '/here/static')).status).toBe(409)
  await ask('PUT', '/there/hello%20world', { 'Content-Type': 'text/x-hello' }, 'hello')
})

test.each([
  [{ 'X-Symlink-Target': '/there/hello' }, 412],
  [{ 'X-Symlink-Target': 'there' }, 412],
  [{ 'X-Symlink-Target': 'here/new' }, 400],
  [{ 'X-Symlink-Target': 'there/none', 'X-Symlink-Target-Etag': md5 }, 409],
  [{ 'X-Symlink-Target': 'there/hello%20world', 'X-Symlink-Target-Etag': 'a;b' }, 400],
  [{ 'X-Symlink-Target': 'there/hello%20world', 'X-Symlink-Target-Account': 'a/b' }, 412],
] as const)('a link by %o is refused with %i', async (headers, status) => {
  expect((await ask('PUT', '/here/new', headers)).status).toBe(status)
})

test('what a link with a body would mean nobody knows', async () => {
  const answer = await ask('PUT', '/here/new', { 'X-Symlink-Target': 'there/hello%20world' }, 'x')
  expect([answer.status, answer.body.toString()]).toEqual([400, 'Symlink requests require a zero byte body'])
})

test('a POST changes the link, and says where its target is', async () => {
  await ask('PUT', '/here/link', { 'X-Symlink-Target': 'there/hello%20world' })
  const answer = await ask('POST', '/here/link', { 'X-Object-Meta-Colour': 'blue' })
  expect([answer.status, answer.header('Location')]).toEqual([307, `${account}/there/hello%20world`])
  expect((await ask('HEAD', '/here/link?symlink=get')).header('X-Object-Meta-Colour')).toBe('blue')
  expect((await ask('HEAD', '/here/link')).header('X-Object-Meta-Colour')).toBeUndefined()
})

test('a DELETE removes the link and leaves its target', async () => {
  await ask('PUT', '/here/link', { 'X-Symlink-Target': 'there/hello%20world' })
  expect((await ask('DELETE', '/here/link')).status).toBe(204)
  expect((await ask('GET', '/there/hello%20world')).status).toBe(200)
})

test('a copy is one of the target, or with symlink=get one of the link', async () => {
  await ask('PUT', '/here/link', { 'X-Symlink-Target': 'there/hello%20world' })
  await ask('COPY', '/here/link', { Destination: 'here/bytes' })
  await ask('COPY', '/here/link?symlink=get', { Destination: 'here/again' })
  expect((await ask('HEAD', '/here/bytes?symlink=get')).header('X-Symlink-Target')).toBeUndefined()
  expect((await ask('HEAD', '/here/again?symlink=get')).header('X-Symlink-Target')).toBe(
    'there/hello%20world',
  )
})

test('a link to nothing is 404, and one to what may not be read is refused', async () => {
  await ask('PUT', '/here/empty', { 'X-Symlink-Target': 'there/none' })
  expect((await ask('GET', '/here/empty')).status).toBe(404)
  await ask('POST', '/here', { 'X-Container-Read': '.r:*' })
  await ask('PUT', '/here/link', { 'X-Symlink-Target': 'there/hello%20world' })
  const nobody = asking(sandbox, account)
  expect((await nobody('GET', '/here/link')).status).toBe(401)
  await ask('POST', '/there', { 'X-Container-Read': '.r:*' })
  expect((await nobody('GET', '/here/link')).body.toString()).toBe('hello')
})

test('segments of large objects may be links', async () => {
  await ask('PUT', '/here/piece', { 'X-Symlink-Target': 'there/hello%20world' })
  const manifest = JSON.stringify([{ path: '/here/piece' }, { path: '/there/hello world' }])
  await ask('PUT', '/here/large?multipart-manifest=put', {}, manifest)
  expect((await ask('GET', '/here/large')).body.toString()).toBe('hellohello')
})

test('a link may lead to another account', async () => {
  const smith = asking(
    sandbox,
    '/v1/AUTH_51d90dd77d30402fbf0119d9e76f7ef4',
    await login(
      sandbox,
      'smith',
      'smith-password',
      { project: { name: 'forge', domain: { name: 'Guild' } } },
      { name: 'Guild' },
    ),
  )
  await smith('PUT', '/anvil', { 'X-Container-Read': '.r:*' })
  await smith('PUT', '/anvil/iron', {}, 'iron')
  await ask('PUT', '/here/far', {
    'X-Symlink-Target': 'anvil/iron',
    'X-Symlink-Target-Account': 'AUTH_51d90dd77d30402fbf0119d9e76f7ef4',
  })
  expect((await ask('GET', '/here/far')).body.toString()).toBe('iron')
})

test('links, and where earlier objects are kept, are there the next time', async () => {
  const data = newData()
  const first = await startKept(data)
  const write = await asker(first)
  const none = { 'Content-Length': '0' }
  await write('PUT', `${account}/kept`, { ...none, 'X-Versions-Location': 'public' })
  await write('PUT', `${account}/kept/link`, { ...none, 'X-Symlink-Target': 'public/hello.txt' })
  await write('PUT', `${account}/kept/static`, {
    ...none,
    'X-Symlink-Target': 'public/hello.txt',
    'X-Symlink-Target-Etag': '22c3683b094136c3398391ae71b20f04',
  })
  const rows = (await write('GET', `${account}/kept?format=json`)).json()
  await first.close()
  await using second = await startKept(data)
  const read = await asker(second)
  expect((await read('GET', `${account}/kept/link`)).body.toString()).toBe('hello, world\n')
  expect((await read('GET', `${account}/kept?format=json`)).json()).toEqual(rows)
  expect((rows as readonly unknown[]).length).toBe(2)
  expect((await read('HEAD', `${account}/kept`)).header('X-Versions-Location')).toBe('public')
})
