import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, answeringServer } from '../run/answering-server.ts'
import { runOsrun } from './osrun.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-openrc-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the proxies of an openrc file', () => {
  let asked: string[]
  let proxy: Awaited<ReturnType<typeof answeringServer>>
  let keystone: typeof proxy
  const recorded = (name: string) => (): Answer => {
    asked.push(name)
    return { status: name === 'proxy' ? 407 : 401, json: { error: { message: 'no' } } }
  }
  beforeAll(async () => {
    proxy = await answeringServer(recorded('proxy'))
    keystone = await answeringServer(recorded('keystone'))
  })
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]()
    await keystone[Symbol.asyncDispose]()
  })
  beforeEach(() => {
    asked = []
  })

  const run = async (lines: string, environment: Readonly<Record<string, string>>, ...args: string[]) => {
    const file = join(folder, 'openrc')
    const login = `export OS_AUTH_URL=${keystone.url}/v3 OS_USERNAME=me OS_PASSWORD=hush-hush OS_USER_DOMAIN_ID=default`
    writeFileSync(file, `${login}\n${lines}\n`)
    const { status, stderr } = await runOsrun(['catalog', '--openrc', file, ...args], environment)
    return { status, stderr: stderr.replaceAll('\n  ', ' '), asked: new Set(asked) }
  }

  test('are used', async () => {
    expect(await run(`export http_proxy=${proxy.url}`, {})).toMatchObject({
      status: 5,
      asked: new Set(['proxy']),
      stderr: expect.stringMatching(/A proxy on the way to .* refused with 407.*no_proxy/),
    })
  })

  test.each([
    ['no_proxy=127.0.0.1', 'export no_proxy=,127.0.0.1,192.0.2.10'],
    ['NO_PROXY=*', "export NO_PROXY='*'"],
    ['an unset', 'unset http_proxy HTTP_PROXY'],
    ['an export that is taken back', 'export -n http_proxy'],
    ['an empty one', 'export http_proxy='],
  ])('come before those of the environment: %s', async (_what, line) => {
    expect(await run(line, { http_proxy: proxy.url })).toMatchObject({ asked: new Set(['keystone']) })
  })

  test('leave those of the environment that the file does not name', async () => {
    expect(await run('', { http_proxy: proxy.url })).toMatchObject({ asked: new Set(['proxy']) })
    asked = []
    expect(await run('no_proxy=127.0.0.1', { http_proxy: proxy.url })).toMatchObject({
      asked: new Set(['proxy']),
    })
  })
})

const login =
  'auth: { auth_url: "http://127.0.0.1:1", username: me, password: "caf\u00e9", user_domain_id: default }'
const written: readonly (readonly [name: string, text: string])[] = [
  ['openrc', 'export OS_USERNAME=me\nexport OS_PASSWORD="caf\u00e9"\n'],
  ['clouds.yaml', `clouds:\n  mine: { ${login} }\n`],
  ['inputs.yaml', 'a: b\nword: caf\u00e9\n'],
  ['recipe.yaml', 'osrun: 1\nname: caf\u00e9\nsteps:\n  - request: GET http://127.0.0.1:1/\n'],
]

describe.each(written)('%s', (name, text) => {
  const read = async (bytes: Buffer) => {
    const path = join(folder, name)
    writeFileSync(path, bytes)
    const recipe = join(folder, 'plain.yaml')
    writeFileSync(
      recipe,
      'osrun: 1\nname: n\ninputs: { word: one }\nsteps:\n  - request: GET http://127.0.0.1:1/\n',
    )
    const args = {
      openrc: ['cloud', '--openrc', path],
      'clouds.yaml': ['cloud', '--cloud', 'mine'],
      'inputs.yaml': ['run', recipe, '--inputs', path],
      'recipe.yaml': ['check', path],
    }[name]
    const environment = name === 'clouds.yaml' ? { OS_CLIENT_CONFIG_FILE: path } : {}
    const { status, stdout, stderr } = await runOsrun(args ?? [], environment)
    return { status, said: `${stdout}${stderr}`.replaceAll('\n  ', ' ') }
  }
  const code = name === 'recipe.yaml' ? 'RECIPE_SYNTAX' : 'ENCODING_INVALID'
  const exit = name === 'recipe.yaml' ? 2 : 1

  test('in Latin-1 is refused with byte, line and column', async () => {
    const before = text.slice(0, text.indexOf('\u00e9')).split('\n')
    const { status, said } = await read(Buffer.from(text, 'latin1'))
    expect(status).toBe(exit)
    expect(said).toContain(
      `${name}:${before.length}:${(before.at(-1) ?? '').length + 1} ${code} The file is not UTF-8 in byte ${text.indexOf('\u00e9') + 1}.`,
    )
    expect(said).not.toContain('caf')
  })

  test('in UTF-16 is refused by its mark', async () => {
    const { status, said } = await read(Buffer.from(`\ufeff${text}`, 'utf16le'))
    expect(status).toBe(exit)
    expect(said).toContain(`${name}:1:1 ${code} The file is UTF-16, not UTF-8.`)
  })

  test('in UTF-8 is read', async () => {
    expect((await read(Buffer.from(`\ufeff${text}`))).said).not.toMatch(/UTF-/)
  })
})

test('what an openrc file does not export is told', async () => {
  const path = join(folder, 'kept')
  writeFileSync(
    path,
    'export OS_AUTH_URL=http://127.0.0.1:1 OS_USERNAME=me OS_USER_DOMAIN_ID=d\nOS_PASSWORD=hush-hush\n',
  )
  const { status, stderr } = await runOsrun(['cloud', '--openrc', path])
  expect(status).toBe(1)
  expect(stderr.replaceAll('\n  ', ' ')).toMatch(
    /CLOUD_INCOMPLETE.*Without an `export`.*OS_PASSWORD \(\S*kept:2\)/s,
  )
})
