import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openData } from '../../src/sandbox/data/data.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { account, ask, login } from './ask.ts'
import { asker, lasting, newData, startKept } from './kept.ts'

const tokens = '/identity/v3/auth/tokens'
const credentials = '/identity/v3/users/de11a130d07d46cd92238b9f6dbaf004/application_credentials'
const bodies = (data: string): readonly string[] => readdirSync(join(data, 'bodies'))

/** Ends the sandbox and starts another one on the same folder. */
async function again(sandbox: Sandbox, data: string): Promise<Sandbox> {
  await sandbox.close()
  return startKept(data)
}

describe('What is kept is there the next time', () => {
  test('objects, manifests, versions and metadata, to the byte and the microsecond', async () => {
    const data = newData()
    const first = await startKept(data)
    const by = await asker(first)
    await by('POST', account, { 'X-Account-Meta-Book': 'moby' })
    await by('PUT', `${account}/kept`, { 'X-Container-Read': '.r:*' })
    await by('PUT', `${account}/kept/plain.txt`, { 'X-Object-Meta-Page': '12' }, 'call me')
    await by('POST', `${account}/kept/plain.txt`, { 'X-Object-Meta-Page': '13' })
    await by('PUT', `${account}/kept/nothing`, {}, '')
    await by('PUT', `${account}/kept/parts/1`, {}, 'ish')
    await by('PUT', `${account}/kept/parts/2`, {}, 'mael')
    await by('PUT', `${account}/kept/joined`, { 'X-Object-Manifest': 'kept/parts/' }, '')
    await by('COPY', `${account}/kept/joined`, { Destination: 'kept/copied' })
    const manifest = JSON.stringify([{ path: '/kept/plain.txt' }, { path: '/kept/joined', range: '0-2' }])
    await by('PUT', `${account}/kept/large?multipart-manifest=put`, {}, manifest)
    await by('PUT', `${account}/versioned/`, {})
    await by('PUT', `${account}/versioned`, {})
    await by('PUT', `${account}/versioned/a`, {}, 'zero')
    await by('POST', `${account}/versioned`, { 'X-Versions-Enabled': 'true' })
    for (const text of ['one', 'two']) await by('PUT', `${account}/versioned/a`, {}, text)
    await by('DELETE', `${account}/versioned/a`)
    await by('PUT', `${account}/versioned/b`, {}, 'other')
    await by('POST', `${account}/versioned/b`, { 'X-Object-Meta-Page': '1' })
    await by('POST', `${account}/versioned`, { 'X-Versions-Enabled': 'false' })
    await by('PUT', `/region-two${account}/there`, {})
    await by('COPY', `/region-two${account}/only-in-region-two/where.txt`, { Destination: 'there/b' })
    await by('DELETE', `${account}/photos/fullsize/ovh-summit-2014-backstage-DS.jpg`)
    await by('DELETE', `${account}/photos`)
    const places = [
      `${account}?format=json`,
      ...['photos', 'kept', 'versioned', 'odd%20names'].map((name) => `${account}/${name}?format=json`),
      ...['plain.txt', 'nothing', 'joined', 'copied', 'large', 'large?multipart-manifest=get'].map(
        (name) => `${account}/kept/${name}`,
      ),
      `${account}/versioned?format=json&versions`,
      `${account}/versioned/b`,
      `/region-two${account}/there/b`,
    ]
    const look = async (sandbox: Sandbox): Promise<unknown> => {
      const seen = await asker(sandbox)
      const answers = []
      for (const place of places)
        answers.push(lasting(await seen('GET', place)), lasting(await seen('HEAD', place)))
      return answers
    }
    const before = await look(first)
    expect(JSON.stringify(before)).toContain('call meish')
    await using second = await again(first, data)
    expect(await look(second)).toEqual(before)
  })

  test('tokens, also what they were made of; those that were revoked or ended are still refused', async () => {
    const data = newData()
    const first = await startKept(data)
    const [good, revoked] = [await login(first, 'learner', 'pw'), await login(first, 'learner', 'pw')]
    const domain = await login(first, 'learner', 'pw', { domain: { id: 'default' } })
    const unscoped = await login(first, 'learner', 'pw', 'unscoped')
    const system = await login(first, 'auditor', 'pw', { system: { all: true } })
    const trust = await login(first, 'onlooker', 'pw', {
      'OS-TRUST:trust': { id: '2d4f6a8c0e1b3d5f7a9c1e3b5d7f9a0c' },
    })
    await ask(first, 'DELETE', tokens, { headers: { 'X-Auth-Token': good, 'X-Subject-Token': revoked } })
    const all = [good, revoked, domain, unscoped, system, trust]
    const look = async (sandbox: Sandbox): Promise<unknown> => {
      const answers = []
      for (const token of all) {
        const headers = { 'X-Auth-Token': good, 'X-Subject-Token': token }
        const { status, body } = await ask(sandbox, 'GET', `${tokens}?nocatalog`, { headers })
        answers.push([status, body.toString().replaceAll(sandbox.url, '')])
      }
      return answers
    }
    const before = await look(first)
    await using second = await again(first, data)
    expect(second.liveTokens()).toHaveLength(5)
    expect(second.liveTokens()).not.toContain(good)
    const status = async (token: string) => (await (await asker(second, token))('GET', account)).status
    expect([await status(good), await status(revoked)]).toEqual([200, 401])
    expect(await look(second)).toEqual(before)
    // One of an earlier run can be revoked, too, and stays so.
    await ask(second, 'DELETE', tokens, { headers: { 'X-Auth-Token': good, 'X-Subject-Token': good } })
    await using third = await again(second, data)
    expect((await (await asker(third, good))('GET', account)).status).toBe(401)
  })

  test('but no token that ended more than two days ago', async () => {
    const data = newData()
    const first = await startKept(data)
    await login(first, 'learner', 'pw')
    await first.close()
    const count = async (): Promise<number> => {
      const opened = await openData(data, { limit: 0, onFailure: () => {} })
      const records = await opened.read()
      await opened.close()
      return records.filter(({ kind }) => kind === 'token').length
    }
    expect(await count()).toBe(1)
    await (await startKept(data, { now: () => Date.now() + 3 * 86_400_000 })).close()
    expect(await count()).toBe(0)
  })

  test('application credentials, and nothing of one that is deleted', async () => {
    const data = newData()
    const first = await startKept(data)
    const by = await asker(first)
    const make = async (name: string): Promise<string> => {
      const body = JSON.stringify({ application_credential: { name, secret: 'white whale' } })
      const made = await by('POST', credentials, { 'Content-Type': 'application/json' }, body)
      return (made.json() as { application_credential: { id: string } }).application_credential.id
    }
    const [stays, goes] = [await make('stays'), await make('goes')]
    const enter = (sandbox: Sandbox, id: string, secret: string) => {
      const identity = { methods: ['application_credential'], application_credential: { id, secret } }
      return ask(sandbox, 'POST', tokens, { body: { auth: { identity } } })
    }
    const tokenOfGone = (await enter(first, goes, 'white whale')).header('X-Subject-Token')
    await by('DELETE', `${credentials}/${goes}`)
    await by('DELETE', `${credentials}/fb8f960b73cb40d082810d000916b770`)
    await using second = await again(first, data)
    const wrong = await enter(second, stays, 'red whale')
    const right = [await enter(second, stays, 'white whale'), await enter(second, stays, 'white whale')]
    expect([wrong, ...right].map(({ status }) => status)).toEqual([401, 201, 201])
    expect((await enter(second, goes, 'white whale')).status).toBe(404)
    expect((await enter(second, 'fb8f960b73cb40d082810d000916b770', 'pw')).status).toBe(404)
    expect((await (await asker(second, tokenOfGone))('GET', account)).status).toBe(401)
  })

  test('a password that was made the first time, until another one is given', async () => {
    const data = newData()
    const passwords: (string | undefined)[] = []
    for (const password of [undefined, undefined, 'given', undefined]) {
      await using sandbox = await startSandbox({ data, ...(password !== undefined && { password }) })
      passwords.push(sandbox.environment.OS_PASSWORD)
    }
    const [made] = passwords
    expect(made).toMatch(/^[0-9a-f]{24}$/)
    expect(passwords).toEqual([made, made, 'given', 'given'])
  })

  test('the authority, so that who trusts it goes on', async () => {
    const data = newData()
    const first = await startKept(data, { tls: true })
    await first.close()
    await using second = await startKept(data, { tls: true })
    expect(second.authority).toBe(first.authority)
  })
})

test('neither a token nor the secret of an application credential is in the folder', async () => {
  const data = newData()
  const sandbox = await startKept(data)
  const token = await login(sandbox, 'learner', 'pw')
  const body = JSON.stringify({ application_credential: { name: 'mine', secret: 'white whale' } })
  await (await asker(sandbox, token))('POST', credentials, { 'Content-Type': 'application/json' }, body)
  await sandbox.close()
  const files = readdirSync(join(data, 'records')).map((file) =>
    readFileSync(join(data, 'records', file), 'latin1'),
  )
  expect(files.join()).toContain('"mine"')
  expect(files.join()).not.toContain('white whale')
  expect(files.join()).not.toContain(token)
})

test('what is deleted or replaced takes its bytes with it, and what is copied has its own', async () => {
  const data = newData()
  await using sandbox = await startKept(data)
  const before = bodies(data)
  const by = await asker(sandbox)
  await by('PUT', `${account}/more`, { 'X-Versions-Enabled': 'true' })
  for (const text of ['a', 'b', 'c']) await by('PUT', `${account}/more/versioned`, {}, text)
  await by('PUT', `${account}/plain`)
  for (const text of ['a', 'b', 'c']) await by('PUT', `${account}/plain/object`, {}, text)
  await by('COPY', `${account}/plain/object`, { Destination: 'plain/copy' })
  expect((await by('PUT', `${account}/plain/object`, { ETag: 'wrong' }, 'd')).status).toBe(422)
  await by('DELETE', `${account}/plain/object`)
  expect((await by('GET', `${account}/plain/copy`)).body.toString()).toBe('c')
  const { body } = await by('GET', `${account}/more?versions&format=json`)
  const versions = JSON.parse(body.toString()) as readonly { readonly version_id: string }[]
  expect(versions).toHaveLength(3)
  for (const { version_id: id } of versions) await by('DELETE', `${account}/more/versioned?version-id=${id}`)
  await by('POST', `${account}?bulk-delete`, { 'Content-Type': 'text/plain' }, 'plain/copy\nplain\nmore')
  await sandbox.close()
  expect(bodies(data)).toEqual(before)
})

test('a segment that is deleted while somebody reads the one before it is still read', async () => {
  const data = newData()
  await using sandbox = await startKept(data)
  const by = await asker(sandbox)
  const large = Buffer.alloc(20_000_000, 'whale')
  await by('PUT', `${account}/photos/part/1`, {}, large)
  await by('PUT', `${account}/photos/part/2`, {}, 'the end')
  await by('PUT', `${account}/photos/large`, { 'X-Object-Manifest': 'photos/part/' }, '')
  const token = await login(sandbox, 'learner', 'pw')
  const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1')
  socket.write(`GET ${account}/photos/large HTTP/1.0\r\nX-Auth-Token: ${token}\r\n\r\n`)
  await new Promise((resolve) => socket.once('readable', resolve))
  const before = bodies(data).length
  expect((await by('DELETE', `${account}/photos/part/2`)).status).toBe(204)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  const read = Buffer.concat(chunks)
  expect(read.length - read.indexOf('\r\n\r\n') - 4).toBe(large.length + 7)
  expect(read.subarray(-7).toString()).toBe('the end')
  await sandbox.close()
  expect(bodies(data).length).toBe(before - 1)
})

describe('A folder is refused, and nothing in it changed:', () => {
  const problem = (kind: string) => ({ name: 'DataProblem', kind })

  test('one that another sandbox uses', async () => {
    const data = newData()
    await using _first = await startKept(data)
    await expect(startKept(data)).rejects.toMatchObject(problem('in use'))
  })

  test('a file', async () => {
    const data = newData()
    writeFileSync(data, 'mine')
    await expect(startKept(data)).rejects.toMatchObject(problem('invalid'))
    expect(readFileSync(data, 'utf8')).toBe('mine')
  })

  test('one in a folder that is not there', async () => {
    await expect(startKept(join(newData(), 'below'))).rejects.toMatchObject(problem('unusable'))
  })

  test('one with something else in it', async () => {
    const data = newData()
    await expect(startKept(join(data, '..', '..'))).rejects.toMatchObject(problem('invalid'))
  })

  test.each([
    ['of another version', 'osrun-sandbox.json', () => '{"format":2,"state":"ready"}'],
    ['whose marker is damaged', 'osrun-sandbox.json', () => '{"form'],
    ['whose marker is another', 'osrun-sandbox.json', () => 'null'],
    ['whose log is damaged', 'records/*.log', flipped],
    ['whose log is cut', 'records/*.log', (old: Buffer) => old.subarray(0, 3000)],
    ['whose database has lost its beginning', 'records/CURRENT', undefined],
    ['whose object has lost its bytes', 'bodies/*', undefined],
    ['whose object has lost some bytes', 'bodies/*', (old: Buffer) => old.subarray(1)],
  ])('one %s', async (_, pattern, change) => {
    const data = newData()
    await (await startKept(data)).close()
    const [folder = '', last = ''] = pattern.includes('/') ? pattern.split('/') : ['', pattern]
    const [name = ''] = readdirSync(join(data, folder)).filter((one) =>
      last.startsWith('*') ? one.endsWith(last.slice(1)) : one === last,
    )
    const path = join(data, folder, name)
    const old = readFileSync(path)
    if (change === undefined) rmSync(path)
    else writeFileSync(path, change(old))
    const before = bodies(data)
    await expect(startKept(data)).rejects.toMatchObject(problem('invalid'))
    expect(bodies(data)).toEqual(before)
    writeFileSync(path, old)
    if (!pattern.startsWith('records')) await (await startKept(data)).close()
  })

  function flipped(old: Buffer): Buffer {
    const bytes = Buffer.from(old)
    const at = bytes.indexOf('page-007')
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    return bytes
  }
})

test('what was begun and not finished is begun again', async () => {
  const data = newData()
  await (await startKept(data)).close()
  writeFileSync(join(data, 'osrun-sandbox.json'), '{"format":1,"state":"new"}')
  writeFileSync(join(data, 'bodies', 'left'), 'over')
  await using sandbox = await startKept(data)
  expect(bodies(data)).not.toContain('left')
  expect((await (await asker(sandbox))('HEAD', `${account}/photos`)).status).toBe(204)
})

test('--memory bounds what objects take also here, at every start', async () => {
  const data = newData()
  const limit = { memoryLimitBytes: 1000 }
  const first = await startKept(data, limit)
  const put = async (sandbox: Sandbox, name: string, size: number) =>
    (await (await asker(sandbox))('PUT', `${account}/photos/${name}`, {}, 'x'.repeat(size))).status
  expect([await put(first, 'a', 600), await put(first, 'b', 600)]).toEqual([201, 507])
  await first.close()
  await using second = await startKept(data, limit)
  expect([await put(second, 'b', 600), await put(second, 'b', 400)]).toEqual([507, 201])
})

test('10,000 objects are there again in seconds', async () => {
  const data = newData()
  const first = await startKept(data)
  const headers = { 'X-Auth-Token': await login(first, 'learner', 'pw') }
  const agent = new Agent({ keepAlive: true, maxSockets: 50 })
  const put = async (name: string): Promise<number | undefined> => {
    const sent = request(`${first.url}${account}/photos/${name}`, { method: 'PUT', agent, headers }).end(name)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    await once(answer.resume(), 'end')
    return answer.statusCode
  }
  const names = Array.from({ length: 10_000 }, (_, index) => `many/${index}`)
  expect(new Set(await Promise.all(names.map(put)))).toEqual(new Set([201]))
  agent.destroy()
  await first.close()
  const begun = performance.now()
  await using second = await startKept(data)
  expect(performance.now() - begun).toBeLessThan(20_000)
  const answer = await (await asker(second))('HEAD', `${account}/photos`)
  expect(answer.header('X-Container-Object-Count')).toBe('10001')
}, 180_000)

test('only its owner reads a folder that was made', async () => {
  const data = newData()
  await (await startKept(data)).close()
  for (const folder of ['', 'records', 'bodies'])
    expect(statSync(join(data, folder)).mode & 0o777).toBe(0o700)
  for (const file of bodies(data)) expect(statSync(join(data, 'bodies', file)).mode & 0o777).toBe(0o600)
})
