import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { runOsrun, startOsrun } from './osrun.ts'

const guide = 'recipes/object-metadata.yaml'

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
      'OS_TENANT_NAME',
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
    const { stdout, signal, ended } = startOsrun(['sandbox', '--', 'sh', '-c', script])
    await once(stdout, 'data')
    signal('SIGTERM')
    expect(await ended).toMatchObject({ status: 9, stdout: 'begun\nstopped\n' })
  })

  test('kills it at the second signal', async () => {
    const script = 'trap "echo not yet" TERM; echo begun; while :; do sleep 0.1; done'
    const { stdout, signal, ended } = startOsrun(['sandbox', '--', 'sh', '-c', script])
    await once(stdout, 'data')
    signal('SIGTERM')
    await once(stdout, 'data')
    // At once it would be the same wish.
    await setTimeout(300)
    signal('SIGTERM')
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
  test.each([
    [['--', './package.json/program'], 'COMMAND_UNUSABLE'],
    [['--', ''], 'COMMAND_UNUSABLE'],
  ])('%j ends with status 1 and one message', async (args, message) => {
    const { stdout, stderr, status } = await runOsrun(['sandbox', ...args])
    expect(stderr.replaceAll('\n  ', ' ')).toContain(message)
    expect([stdout, status]).toEqual(['', 1])
  })
})

describe('osrun sandbox --tls', () => {
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
})
