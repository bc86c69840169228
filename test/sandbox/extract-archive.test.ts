import { packTar } from 'modern-tar'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { account, ask, login } from './ask.ts'
import { asker, newData, startKept } from './kept.ts'

let sandbox: Sandbox
let token: string
beforeAll(async () => {
  sandbox = await startSandbox()
  token = await login(sandbox)
})
afterAll(() => sandbox.close())

const by = (method: string, path: string, body?: Buffer, who = token) =>
  ask(sandbox, method, `${account}${path}`, {
    headers: { 'X-Auth-Token': who, Accept: 'application/json' },
    ...(body && { body }),
  })
const report = async (path: string, body: Buffer, who?: string): Promise<unknown> =>
  (await by('PUT', path, body, who)).json()

function mendChecksum(tar: Buffer): void {
  tar.fill(' ', 148, 156)
  const sum = tar.subarray(0, 512).reduce((all, byte) => all + byte, 0)
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
}

test('extended headers say type and metadata', async () => {
  const pax = { 'SCHILY.xattr.user.mime_type': 'text/x-own', 'LIBARCHIVE.xattr.user.meta.Colour': 'red' }
  const tar = await packTar([{ header: { name: 'a.txt', size: 2, pax }, body: 'hi' }])
  await report('/photos?extract-archive=tar', Buffer.from(tar))
  const head = await by('HEAD', '/photos/a.txt')
  expect([head.header('Content-Type'), head.header('X-Object-Meta-Colour')]).toEqual(['text/x-own', 'red'])
})

test('who may only read unpacks nothing', async () => {
  const tar = Buffer.from(await packTar([{ header: { name: 'new/a.txt', size: 2 }, body: 'hi' }]))
  const onlooker = await login(sandbox, 'onlooker', 'onlooker-password')
  expect(await report('?extract-archive=tar', tar, onlooker)).toMatchObject({
    'Response Status': '400 Bad Request',
    'Number Files Created': 0,
    Errors: [
      ['/new', '403 Forbidden'],
      ['new/a.txt', '403 Forbidden'],
    ],
  })
  expect((await by('HEAD', '/new')).status).toBe(404)
})

test('more than there is room for is told for each file, and what is not read does no harm', async () => {
  await using small = await startKept(newData(), { memoryLimitBytes: 1000 })
  const files = ['photos/a', 'photos/b', 'photos/c'].map((name, index) => ({
    header: { name, size: index === 1 ? 5000 : 10 },
    body: 'x'.repeat(index === 1 ? 5000 : 10),
  }))
  const put = await asker(small)
  const json = { Accept: 'application/json' }
  const told = await put('PUT', `${account}?extract-archive=tar`, json, Buffer.from(await packTar(files)))
  expect(told.json()).toMatchObject({
    'Response Status': '502 Bad Gateway',
    'Number Files Created': 2,
    Errors: [['photos/b', '507 Insufficient Storage']],
  })
})

test('a name that is no UTF-8 is refused, also where the archive then breaks off', async () => {
  const packed = [
    { header: { name: 'photos/first', size: 2 }, body: 'hi' },
    { header: { name: 'photos/next', size: 5000 }, body: 'x'.repeat(5000) },
  ]
  const tar = Buffer.from(await packTar(packed))
  tar[7] = 0xff
  mendChecksum(tar)
  const refused = ['photos/%EF%BF%BDirst', '412 Precondition Failed']
  expect(await report('?extract-archive=tar', tar)).toMatchObject({
    'Number Files Created': 1,
    Errors: [refused],
  })
  expect(await report('?extract-archive=tar', tar.subarray(0, 3000))).toMatchObject({
    'Response Body': 'Invalid Tar File: unexpected end of data',
    'Number Files Created': 0,
    Errors: [refused, ['photos/next', '500 Internal Error']],
  })
})

test('a first header whose checksum is right and whose size is none is an invalid one', async () => {
  const tar = Buffer.from(await packTar([{ header: { name: 'photos/a', size: 2 }, body: 'hi' }]))
  tar.write('zzzzzzzzzzz', 124)
  mendChecksum(tar)
  const told = await report('?extract-archive=tar', tar)
  expect(told).toMatchObject({ 'Response Body': 'Invalid Tar File: invalid header' })
})

test('10,000 containers are the most that one archive makes', async () => {
  await using own = await startSandbox({ password: 'pw' })
  const put = await asker(own)
  const files = Array.from({ length: 10_002 }, (_, index) => ({
    header: { name: `new-${index}/a`, size: 0 },
  }))
  const tar = Buffer.from(await packTar(files))
  const told = await put('PUT', `${account}?extract-archive=tar`, { Accept: 'application/json' }, tar)
  expect(told.json()).toEqual({
    'Response Status': '400 Bad Request',
    'Response Body': 'More than 10000 containers to create from tar.',
    'Number Files Created': 10_000,
    Errors: [],
  })
}, 60_000)

test('bzip2 is not known', async () => {
  const answer = await by('PUT', '/photos?extract-archive=tar.bz2', Buffer.from('x'))
  expect([answer.status, answer.body.toString()]).toEqual([
    501,
    "The sandbox does not know Swift's archives by bzip2.",
  ])
})
