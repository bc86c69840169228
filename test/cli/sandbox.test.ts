import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faults } from '../../src/sandbox/faults/index.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { needs } from '../needs.ts'
import { runOsrun } from './osrun.ts'
import { startProcess } from './osrun-process.ts'

const guide = 'recipes/object-metadata.yaml'
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-sandbox-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs shell commands on a sandbox. */
function onSandbox(script: string, flags: readonly string[] = [], environment = {}) {
  return runOsrun(['sandbox', ...flags, '--', 'sh', '-c', script], environment)
}

describe('osrun sandbox -- COMMAND', () => {
  test('runs it with the variables of the sandbox and no others of OpenStack', async () => {
    const { stdout, stderr, status } = await onSandbox(
      'env | sed -n "s/^\\(OS_[^=]*\\)=.*/\\1/p" | sort',
      [],
      {
        OS_CLOUD: 'mine',
        OS_PROJECT_ID: '0',
      },
    )
    expect(stdout.trim().split('\n')).toEqual([
      'OS_AUTH_URL',
      'OS_IDENTITY_API_VERSION',
      'OS_INTERFACE',
      'OS_PASSWORD',
      'OS_PROJECT_DOMAIN_NAME',
      'OS_PROJECT_NAME',
      'OS_REGION_NAME',
      'OS_USERNAME',
      'OS_USER_DOMAIN_NAME',
    ])
    expect([stderr, status]).toEqual(['', 0])
  })

  test('answers osrun itself', async () => {
    const { stdout, status } = await onSandbox(`exec "${process.execPath}" bin/osrun.cjs -q ${guide}`)
    expect(stdout).toContain('passed, 5 of 5 steps')
    expect(status).toBe(0)
  })

  test.each([
    ['exit 7', 7],
    ['kill -TERM $$', 143],
  ])('ends with its status: %s', async (script, wanted) => {
    expect((await onSandbox(script)).status).toBe(wanted)
  })

  test('passes a signal on to it, and ends when it has ended', async () => {
    const script = 'trap "echo stopped; exit 9" TERM; echo begun; while :; do sleep 0.1; done'
    const { child, ended } = startProcess(['sandbox', '--', 'sh', '-c', script])
    if (child.stdout) await once(child.stdout, 'data')
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ status: 9, stdout: 'begun\nstopped\n' })
  })

  test('kills it at the second signal', async () => {
    const script = 'trap "echo not yet" TERM; echo begun; while :; do sleep 0.1; done'
    const { child, ended } = startProcess(['sandbox', '--', 'sh', '-c', script])
    if (child.stdout) await once(child.stdout, 'data')
    child.kill('SIGTERM')
    if (child.stdout) await once(child.stdout, 'data')
    child.kill('SIGTERM')
    expect((await ended).status).toBe(137)
  })

  test('takes its password from OSRUN_SANDBOX_PASSWORD', async () => {
    const { stdout } = await onSandbox('printf %s "$OS_PASSWORD"', [], {
      OSRUN_SANDBOX_PASSWORD: 'open sesame',
    })
    expect(stdout).toBe('open sesame')
  })

  test('has another password each time', async () => {
    const say = async () => (await onSandbox('printf %s "$OS_PASSWORD"')).stdout
    expect(await say()).not.toBe(await say())
  })
})

describe('osrun sandbox', () => {
  test('serves until a signal, by an openrc and a clouds.yaml that osrun reads', async () => {
    const [openrc, clouds] = [join(folder, 'openrc.sh'), join(folder, 'clouds.yaml')]
    const { child, ended } = startProcess(['sandbox', '--openrc', openrc, '--clouds-yaml', clouds])
    if (child.stderr) await once(child.stderr, 'data')
    expect(statSync(openrc).mode & 0o777).toBe(0o600)
    const byOpenrc = await runOsrun(['-q', guide, '--openrc', openrc], { OS_TOKEN: 'mine' })
    expect(byOpenrc).toMatchObject({ stderr: '', status: 0 })
    const byCloud = await runOsrun(['-q', guide, '--cloud', 'sandbox'], { OS_CLIENT_CONFIG_FILE: clouds })
    expect(byCloud).toMatchObject({ stderr: '', status: 0 })
    child.kill('SIGINT')
    const { stdout, stderr, status } = await ended
    // A comment is no command where one pastes it, in zsh.
    expect(stdout).toBe(readFileSync(openrc, 'utf8').replace(/^#.*\n/, ''))
    expect(stderr).toContain(openrc)
    expect(status).toBe(0)
    expect((await runOsrun(['-q', guide, '--openrc', openrc])).stdout).toContain('CONNECTION_REFUSED')
  })

  test('leaves a file alone that it has not written, and writes over one that it has', async () => {
    const [mine, other] = [join(folder, 'mine.sh'), join(folder, 'other.sh')]
    writeFileSync(mine, 'export OS_PASSWORD=secret\n')
    const refused = await onSandbox('true', ['--openrc', mine])
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('FILE_UNWRITABLE') })
    expect(readFileSync(mine, 'utf8')).toBe('export OS_PASSWORD=secret\n')
    for (const _ of [1, 2]) expect((await onSandbox('true', ['--openrc', other])).status).toBe(0)
  })

  test.each([
    ['x'.repeat(1000), 0],
    ['x'.repeat(1025), 4],
  ])('limits what objects take', async (text, wanted) => {
    const script = `"${process.execPath}" bin/osrun.cjs -q recipes/object-roundtrip.yaml --input text=${text}`
    const { stdout, status } = await onSandbox(script, ['--memory', '1KiB'])
    expect(stdout.includes('found    507')).toBe(wanted === 4)
    expect(status).toBe(wanted)
  })

  test('tells of a port that something else has', async () => {
    await using other = await startSandbox()
    const { stdout, stderr, status } = await runOsrun(['sandbox', '--port', new URL(other.url).port])
    expect([stdout, status]).toEqual(['', 1])
    expect(stderr).toContain('PORT_UNUSABLE')
  })

  test('lists what can be broken', async () => {
    const { stdout, status } = await runOsrun(['sandbox', '--list-faults'])
    expect(stdout.split('\n').map((line) => line.split(/[[ ]/)[0])).toEqual([
      ...faults.map(({ name }) => name),
      '',
    ])
    expect(status).toBe(0)
  })

  test.each([
    [['--port', '70000'], '--port takes a number'],
    [['--memory', 'much'], '--memory takes a size'],
    [['--fault', 'unavailabel'], 'Did you mean unavailable?'],
    [['--fault', 'slow=soon'], 'takes a duration with a unit'],
    [['--fault', 'slow=597h'], 'at most 596h'],
    [['--fault', 'slow=-1s'], 'no duration below zero'],
    [['--fault', 'unavailable=0'], 'takes a count of 1 or more'],
    [['--fault', 'missing-region=a b'], 'takes a name'],
    [['--fault', 'cut-body=1'], 'takes no value'],
    [['--fault', 'http-links'], 'shows with TLS only'],
    [['--', '/nonexistent'], 'COMMAND_UNUSABLE'],
    [['--', ''], 'COMMAND_UNUSABLE'],
    [['--openrc', '/nonexistent/openrc.sh'], 'FILE_UNWRITABLE'],
  ])('%j ends with status 1 and one message', async (args, message) => {
    const { stdout, stderr, status } = await runOsrun(['sandbox', ...args])
    expect(stderr.replaceAll('\n  ', ' ')).toContain(message)
    expect([stdout, status]).toEqual(['', 1])
  })

  test('a fault of a run needs --sandbox', async () => {
    const { stderr, status } = await runOsrun(['--fault', 'slow', guide])
    expect(stderr).toContain('Add --sandbox.')
    expect(status).toBe(1)
  })
})

describe('osrun sandbox --tls', () => {
  needs('curl', 'openssl')

  test('has a certificate that strict clients take by OS_CACERT alone, also by the name localhost', async () => {
    const { stdout, status } = await onSandbox(
      `port=\${OSRUN_SANDBOX_URL##*:}
      curl -sS -o /dev/null -o /dev/null -w '%{http_code} ' --cacert "$OS_CACERT" "$OS_AUTH_URL" "https://localhost:$port/info"
      curl -s -o /dev/null "$OS_AUTH_URL"; echo $?
      openssl s_client -connect 127.0.0.1:$port -CAfile "$OS_CACERT" -verify_return_error -x509_strict </dev/null 2>&1 |
        sed -n 's/^ *Verif.*: //p'
      exec "${process.execPath}" bin/osrun.cjs -q ${guide}`,
      ['--tls'],
    )
    expect(stdout).toMatch(/^200 200 60\nOK\n0 \(ok\)\n.*passed, 5 of 5 steps/s)
    expect(status).toBe(0)
  })

  test('removes the authority at the end', async () => {
    const { stdout } = await onSandbox('echo "$OS_CACERT"', ['--tls'])
    expect(() => statSync(stdout.trim())).toThrow('ENOENT')
  })
})

describe('a sandbox that runs', () => {
  needs('curl')
  const fault = (method: string, path: string, key = '$OSRUN_SANDBOX_KEY') =>
    `curl -sS -w '%{http_code}\n' -X ${method} "$OSRUN_SANDBOX_URL/osrun${path}" -H "X-Osrun-Key: ${key}"\n`

  test('switches faults on and off by its key', async () => {
    const info = 'curl -s -o /dev/null -w "info %{http_code}\n" "$OSRUN_SANDBOX_URL/info"\n'
    const { stdout } = await onSandbox(
      fault('PUT', '/faults/unavailable?value=9') + info + fault('DELETE', '/faults/unavailable') + info,
    )
    expect(stdout).toMatch(/"on": true,\n {2}"value": "9"\n}\n200\ninfo 503\n204\ninfo 200\n$/)
  })

  test.each([
    ['PUT', '/faults/slow', 'wrong', 401],
    ['GET', '/faults', '', 401],
    ['PUT', '/faults/slwo', undefined, 404],
    ['PUT', '/faults/slow?value=x', undefined, 400],
    ['PUT', '/faults/http-links', undefined, 400],
    ['DELETE', '/faults/slow', undefined, 404],
    ['POST', '/faults/slow', undefined, 405],
    ['POST', '/faults', undefined, 405],
    ['GET', '/', undefined, 404],
    ['GET', '/faults', undefined, 200],
  ])('answers %s %s with the key %s by %s', async (method, path, key, status) => {
    const { stdout } = await onSandbox(fault(method, path, key))
    expect(stdout).toMatch(new RegExp(`${status}\n$`))
  })
})

describe('--data', () => {
  test('keeps what is uploaded, the password and the authority for the next time', async () => {
    const data = join(folder, 'kept')
    const recipe = join(folder, 'kept.yaml')
    const request = (line: string): void =>
      writeFileSync(
        recipe,
        `osrun: 1\nname: Kept\nsteps: [{ authenticate: }, { pick-endpoint: object-store }, { request: "${line}" }]\n`,
      )
    const script = `"${process.execPath}" bin/osrun.cjs -q ${recipe}; echo "$OS_PASSWORD"; cat "$OS_CACERT"`
    request('PUT ${endpoint}/mine')
    const first = await onSandbox(script, ['--tls', '--data', data])
    request('HEAD ${endpoint}/mine')
    const second = await onSandbox(script, ['--tls', '--data', data])
    for (const { stdout, stderr } of [first, second])
      expect([stdout.split('\n')[0], stderr]).toEqual([expect.stringMatching(/^✓ Kept: passed/), ''])
    const rest = ({ stdout }: typeof first): readonly string[] => stdout.split('\n').slice(1)
    expect(rest(first).join()).toContain('BEGIN CERTIFICATE')
    expect(rest(second)).toEqual(rest(first))
  })

  test('is refused for what is no folder of its own', async () => {
    const { status, stdout, stderr } = await onSandbox('true', ['--data', guide])
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^DATA_UNUSABLE .*"recipes\/object-metadata\.yaml": it is no folder\.\n/)
  })
})
