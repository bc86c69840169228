import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { connect, createTransport } from '../../src/library/index.ts'
import { totpCode } from '../../src/sandbox/keystone/login/totp.ts'
import { nowhere } from '../nowhere.ts'
import { recipeOf, runToEnd } from '../run/on-sandbox.ts'
import { cloudOf, environment, facts, isLive } from './cloud.ts'

const short = { ...environment, OS_AUTH_URL: facts.shortLived.authUrl }

test('a run that is longer than its token renews it and passes', async () => {
  const heads = Array.from(
    { length: 14 },
    () => '  - request: HEAD ${endpoint}/photos\n  - wait: 600ms\n',
  ).join('')
  const { verbs } = await import('../../src/steps/index.ts')
  const wait = {
    verb: 'wait',
    summary: 'Waits.',
    schema: { $ref: '#/$defs/duration' },
    example: '',
    title: () => 'wait',
    sets: () => [],
    run: async () => void (await setTimeout(600)),
  }
  const { parseRecipe } = await import('../../src/recipe/parse.ts')
  const all = [...verbs, wait]
  const recipe = parseRecipe(
    `osrun: 1\nname: n\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n${heads}`,
    {
      file: 'recipe.yaml',
      directory: '/',
      verbs: all,
    },
  )
  const { result } = await runToEnd(recipe, { cloud: await cloudOf(short), verbs: all })
  expect(result.problem).toBeUndefined()
  expect(result.status).toBe('passed')
  expect(result.tokens.made).toBeGreaterThan(1)
})

test('a session outlives its tokens', async () => {
  const session = connect({ cloud: await cloudOf(short) })
  const { url } = await session.endpoint('object-store')
  const first = await session.token()
  for (let turn = 0; turn < 7; turn++) {
    expect((await session.request('HEAD', `${url}/photos`)).status).toBe(204)
    await setTimeout(1000)
  }
  expect((await session.token()).id).not.toBe(first.id)
  await session.close()
})

test('multi-factor authentication goes on with the receipt', async () => {
  const key = Buffer.from('cloud-totp-key-00001')
  const code = totpCode(key, Math.floor(Date.now() / 30_000))
  const cloud = await cloudOf({
    ...environment,
    OS_USERNAME: 'careful',
    OS_PASSWORD: facts.users.careful?.password,
    OS_AUTH_TYPE: 'v3multifactor',
    OS_AUTH_METHODS: 'v3password,v3totp',
    OS_PASSCODE: code,
  })
  const { result } = await runToEnd(await recipeOf('osrun: 1\nname: n\nsteps:\n  - authenticate:\n'), {
    cloud,
  })
  expect(result.problem).toBeUndefined()
})

test('a wrong password tells the candidates and not the password', async () => {
  const cloud = await cloudOf({ ...environment, OS_PASSWORD: 'not the right one' })
  const { events, result } = await runToEnd(
    await recipeOf('osrun: 1\nname: n\nsteps:\n  - authenticate:\n'),
    { cloud },
  )
  expect(result).toMatchObject({ exit: 5, problem: { code: 'AUTH_FAILED' } })
  expect(result.problem?.hint).toContain('wrong password')
  expect(JSON.stringify(events)).not.toContain('not the right one')
})

// The program is killed while it waits in each step in turn: a proxy in front of the cloud says when.
test.each(['SIGINT', 'SIGTERM'] as const)('%s at each step leaves no live token', async (signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'osrun-'))
  const file = join(folder, 'recipe.yaml')
  await writeFile(
    file,
    'osrun: 1\nname: n\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n  - request: HEAD ${endpoint}/photos\n  - request: GET ${endpoint}\n  - revoke:\n',
  )
  const { createServer } = await import('node:http')
  const real = createTransport({ tls: { insecure: false } })
  for (let stop = 0; stop < 6; stop++) {
    const tokens: string[] = []
    let child: ReturnType<typeof spawn> | undefined
    let count = 0
    const proxy = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', async () => {
        if (count++ === stop) child?.kill(signal)
        const port = request.headers['x-port'] ?? new URL(facts.authUrl).port
        const headers = Object.entries(request.headers).flatMap(([name, value]) =>
          /^(host|connection|content-length)$/.test(name) ? [] : [[name, String(value)] as const],
        )
        const body = Buffer.concat(chunks).toString('utf8')
        const answer = await real.send(
          {
            method: request.method ?? 'GET',
            url: `http://127.0.0.1:${port}${request.url}`,
            headers,
            ...(body !== '' && { body: { kind: 'text' as const, text: body } }),
          },
          { signal: new AbortController().signal },
        )
        for (const [name, value] of answer.headers) if (/^x-subject-token$/i.test(name)) tokens.push(value)
        response.writeHead(
          answer.status,
          answer.headers
            .filter(([name]) => !/^(connection|transfer-encoding)$/i.test(name))
            .flat() as string[],
        )
        response.end(answer.body)
      })
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as { port: number }
    child = spawn(process.execPath, ['bin/osrun.cjs', file], {
      env: {
        PATH: process.env.PATH,
        HOME: nowhere,
        ...environment,
        OS_AUTH_URL: `http://127.0.0.1:${port}/v3`,
      },
      stdio: 'ignore',
    })
    await new Promise((resolve) => child?.on('close', resolve))
    await new Promise((resolve) => proxy.close(resolve))
    for (const token of tokens) expect(await isLive(token)).toBe(false)
    if (stop === 0) expect(tokens.length).toBe(1)
  }
  await real.close()
  await rm(folder, { recursive: true })
})
