import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/sandbox/data/open-database.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'
import { startOsrun } from '../cli/osrun.ts'
import { type Answer, ask, login } from './ask.ts'

const account = '/v1/AUTH_fee040b1c4d24aeb985c3cdea1c3f363'
const credentials = '/identity/v3/users/de11a130d07d46cd92238b9f6dbaf004/application_credentials'

let data: string
beforeEach(() => {
  data = join(mkdtempSync(join(tmpdir(), 'osrun-data-')), 'kept')
})
afterEach(() => rmSync(join(data, '..'), { recursive: true }))

const start = (options: SandboxOptions = {}): Promise<Sandbox> =>
  startSandbox({ password: 'pw', ...options, data })

/** Asks with the learner's token. */
async function asker(sandbox: Sandbox) {
  const token = await login(sandbox, 'learner', 'pw')
  return (method: string, path: string, headers = {}, body?: string): Promise<Answer> =>
    ask(sandbox, method, path, {
      headers: { 'X-Auth-Token': token, ...headers },
      ...(body !== undefined && { body }),
    })
}

/** Whether an answer says the same as another of the same request: all but what is of one request alone. */
function lasting({ status, headers, body }: Answer): unknown {
  const own = /^(date|x-trans-id|x-openstack-request-id|connection|keep-alive)$/i
  return { status, headers: headers.filter(([name]) => !own.test(name)), body: body.toString('latin1') }
}

async function count(kind: string): Promise<number> {
  const database = await openDatabase(data)
  let found = 0
  for await (const _ of database.records(kind)) found++
  await database.close()
  return found
}

test('objects, manifests, versions and metadata are there the next time, as they were', async () => {
  const looks = [
    `${account}?format=json`,
    `${account}/photos?format=json`,
    `${account}/kept?format=json`,
    `${account}/kept/plain.txt`,
    `${account}/kept/large`,
    `${account}/kept/large?multipart-manifest=get`,
    `${account}/kept/nothing`,
    `${account}/versioned?format=json&versions`,
    `${account}/versioned/a`,
    `/region-two${account}/there/b`,
  ]
  const look = async (sandbox: Sandbox): Promise<unknown> => {
    const by = await asker(sandbox)
    const seen = []
    for (const path of looks) seen.push(lasting(await by('GET', path)), lasting(await by('HEAD', path)))
    return seen
  }
  const first = await start()
  const by = await asker(first)
  await by('POST', account, { 'X-Account-Meta-Book': 'moby' })
  await by('PUT', `${account}/kept`, { 'X-Container-Read': '.r:*' })
  await by('PUT', `${account}/kept/plain.txt`, { 'X-Object-Meta-Page': '12' }, 'call me')
  await by('POST', `${account}/kept/plain.txt`, { 'X-Object-Meta-Page': '13' })
  await by('PUT', `${account}/kept/nothing`, {}, '')
  await by('PUT', `${account}/kept/segment`, {}, 'ishmael')
  const manifest = JSON.stringify([{ path: '/kept/segment' }, { path: '/kept/plain.txt' }])
  await by('PUT', `${account}/kept/large?multipart-manifest=put`, {}, manifest)
  await by('PUT', `${account}/versioned`, { 'X-Versions-Enabled': 'true' })
  for (const text of ['one', 'two', 'three']) await by('PUT', `${account}/versioned/a`, {}, text)
  await by('PUT', `/region-two${account}/there`)
  await by('COPY', `/region-two${account}/only-in-region-two/where.txt`, { Destination: 'there/b' })
  await by('DELETE', `${account}/photos/fullsize/ovh-summit-2014-backstage-DS.jpg`)
  await by('DELETE', `${account}/photos`)
  const before = await look(first)
  expect(JSON.stringify(before)).toContain('ishmaelcall me')
  await first.close()
  await using second = await start()
  expect(await look(second)).toEqual(before)
})

test('what is deleted takes its bytes with it', async () => {
  const first = await start()
  await first.close()
  const [objects, bodies] = [await count('object'), await count('body')]
  const second = await start()
  const by = await asker(second)
  await by('PUT', `${account}/more`)
  for (const name of ['a', 'b', 'c']) await by('PUT', `${account}/more/${name}`, {}, name)
  await by('PUT', `${account}/more/a`, {}, 'another')
  await by('COPY', `${account}/more/a`, { Destination: 'more/d' })
  await second.close()
  expect(await count('object')).toBe(objects + 4)
  expect(await count('body')).toBeGreaterThan(bodies)
  const third = await start()
  const again = await asker(third)
  const names = ['more/a', 'more/b', 'more/c', 'more/d'].join('\n')
  await again('POST', `${account}?bulk-delete`, { 'Content-Type': 'text/plain' }, names)
  await again('DELETE', `${account}/more`)
  await third.close()
  expect([await count('object'), await count('body')]).toEqual([objects, bodies])
})

test('application credentials and the password stay, tokens do not', async () => {
  const first = await startSandbox({ data })
  const { OS_PASSWORD: password = '' } = first.environment
  const token = await login(first, 'learner', password)
  const body = { application_credential: { name: 'stays', secret: 'hidden' } }
  const made = await ask(first, 'POST', credentials, { headers: { 'X-Auth-Token': token }, body })
  const { id } = (made.json() as { application_credential: { id: string } }).application_credential
  await first.close()
  await using second = await startSandbox({ data })
  expect(second.environment.OS_PASSWORD).toBe(password)
  expect((await ask(second, 'GET', account, { headers: { 'X-Auth-Token': token } })).status).toBe(401)
  const identity = { methods: ['application_credential'], application_credential: { id, secret: 'hidden' } }
  const answer = await ask(second, 'POST', '/identity/v3/auth/tokens', { body: { auth: { identity } } })
  expect(answer.status).toBe(201)
})

test('the authority stays, so that who trusts it goes on', async () => {
  const first = await start({ tls: true })
  await first.close()
  await using second = await start({ tls: true })
  expect(second.authority).toBe(first.authority)
})

test('a sandbox that is killed in an upload has the object as it was before', async () => {
  const { child, ended } = startOsrun(['sandbox', '--data', data], { OSRUN_SANDBOX_PASSWORD: 'pw' })
  const url = await new Promise<URL>((resolve) => {
    let text = ''
    child.stdout?.on('data', (part: string) => {
      text += part
      const found = /OSRUN_SANDBOX_URL=(\S+)\n/.exec(text)?.[1]
      if (found !== undefined) resolve(new URL(found))
    })
  })
  const by = await asker({ url: url.origin } as Sandbox)
  expect((await by('PUT', `${account}/photos/a`, {}, 'as it was')).status).toBe(201)
  const token = await login({ url: url.origin } as Sandbox, 'learner', 'pw')
  const socket = connect(Number(url.port), '127.0.0.1').on('error', () => {})
  const head = `PUT ${account}/photos/a HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${token}\r\nContent-Length: 9000000\r\n\r\n`
  await new Promise((resolve) => socket.write(head + 'x'.repeat(5_000_000), resolve))
  child.kill('SIGKILL')
  await ended
  await using sandbox = await start()
  const again = await asker(sandbox)
  expect((await again('GET', `${account}/photos/a`)).body.toString()).toBe('as it was')
})

describe('a folder that cannot be used is refused:', () => {
  test('one that another sandbox uses', async () => {
    await using _first = await start()
    await expect(start()).rejects.toThrow('another sandbox uses it')
  })

  test('a file', async () => {
    rmSync(data, { force: true })
    writeFileSync(data, 'mine')
    await expect(start()).rejects.toThrow('it is no folder')
  })

  test('one in a folder that is not there', async () => {
    await expect(startSandbox({ data: join(data, 'deep', 'down') })).rejects.toThrow(
      'no folder to make it in',
    )
  })

  test('one of another format', async () => {
    const database = await openDatabase(data)
    await database.write([{ type: 'put', key: ['format'], value: 99 }])
    await database.close()
    await expect(start()).rejects.toThrow('in the format 99')
    // It is not in use for that.
    await expect(start()).rejects.toThrow('in the format 99')
  })

  test('one that holds more than the memory takes', async () => {
    const first = await start()
    const by = await asker(first)
    await by('PUT', `${account}/photos/large`, {}, 'x'.repeat(400_000))
    await first.close()
    await expect(start({ memoryLimitBytes: 300_000 })).rejects.toThrow('more than the memory')
  })

  test('and one that takes no more keeps nothing that comes after', async () => {
    const database = await openDatabase(data)
    await database.close()
    const write = (): Promise<void> => database.write([{ type: 'put', key: ['a'], value: 1 }])
    await expect(write()).rejects.toMatchObject({ name: 'DataError' })
    await expect(write()).rejects.toMatchObject({ name: 'DataError' })
  })
})

test('nobody else may read what is kept', async () => {
  await (await start()).close()
  expect(statSync(join(data, 'store')).mode & 0o777).toBe(0o700)
})
