import { beforeEach, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts'
import { type Asking, asLearner, namesIn } from './learner.ts'

let ask: Asking
beforeEach(async ({ onTestFinished }) => {
  const sandbox: Sandbox = await startSandbox()
  onTestFinished(() => sandbox.close())
  ask = await asLearner(sandbox)
  await ask('PUT', '/old')
})

async function write(...texts: readonly string[]): Promise<void> {
  for (const text of texts) expect((await ask('PUT', '/new/o', {}, text)).status).toBe(201)
}

async function read(): Promise<string | number> {
  const { status, body } = await ask('GET', '/new/o')
  return status === 200 ? body.toString() : status
}

test('X-Versions-Location keeps what is replaced, and a DELETE brings it back', async () => {
  await ask('PUT', '/new', { 'X-Versions-Location': 'old' })
  await write('one', 'two', 'three')
  const names = await namesIn(ask, '/old')
  expect(names).toEqual([expect.stringMatching(/^001o\/\d{10}\.\d{5}$/), expect.stringMatching(/^001o\//)])
  await ask('DELETE', '/new/o')
  expect([await read(), (await namesIn(ask, '/old')).length]).toEqual(['two', 1])
  await ask('DELETE', '/new/o')
  expect([await read(), (await namesIn(ask, '/old')).length]).toEqual(['one', 0])
  expect([(await ask('DELETE', '/new/o')).status, await read()]).toEqual([204, 404])
})

test('X-History-Location keeps what is deleted, too, with a mark of the deletion', async () => {
  await ask('PUT', '/new', { 'X-History-Location': 'old' })
  await write('one', 'two')
  expect((await ask('DELETE', '/new/o')).status).toBe(204)
  const rows = (await ask('GET', '/old?format=json')).json() as readonly {
    content_type: string
    bytes: number
  }[]
  expect(rows.map(({ bytes }) => bytes)).toEqual([3, 3, 0])
  expect(rows[2]?.content_type).toBe('application/x-deleted;swift_versions_deleted=1')
  expect((await ask('DELETE', '/new/o')).status).toBe(404)
})

test('behind the mark of a deletion a DELETE brings back the object before it', async () => {
  await ask('PUT', '/new', { 'X-History-Location': 'old' })
  await write('one')
  await ask('DELETE', '/new/o')
  await ask('POST', '/new', { 'X-Versions-Location': 'old' })
  expect([(await ask('DELETE', '/new/o')).status, await read()]).toEqual([204, 'one'])
  expect(await namesIn(ask, '/old')).toEqual([])
})

test('without the container for them nothing is replaced', async () => {
  await ask('PUT', '/new', { 'X-Versions-Location': 'gone' })
  await write('one')
  expect((await ask('PUT', '/new/o', {}, 'two')).status).toBe(412)
  expect(await read()).toBe('one')
})

test.each([[{ 'X-Versions-Location': '' }], [{ 'X-Remove-Versions-Location': 'x' }]])(
  '%o ends it',
  async (headers) => {
    await ask('PUT', '/new', { 'X-Versions-Location': 'old' })
    expect((await ask('HEAD', '/new')).header('X-Versions-Location')).toBe('old')
    await ask('POST', '/new', headers)
    expect((await ask('HEAD', '/new')).header('X-Versions-Location')).toBeUndefined()
    await write('one', 'two')
    expect(await namesIn(ask, '/old')).toEqual([])
  },
)

test('one way of keeping at a time, and into one container', async () => {
  const both = await ask('PUT', '/new', { 'X-Versions-Location': 'old', 'X-History-Location': 'old' })
  expect([both.status, both.body.toString()]).toEqual([
    400,
    'Only one of x-versions-location or x-history-location may be specified',
  ])
  expect((await ask('PUT', '/new', { 'X-Versions-Location': 'a/b' })).status).toBe(412)
  await ask('PUT', '/new', { 'X-Versions-Location': 'old' })
  expect((await ask('POST', '/new', { 'X-Versions-Enabled': 'true' })).status).toBe(400)
})
