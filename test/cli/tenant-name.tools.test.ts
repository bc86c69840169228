import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serveSandbox } from './serve-sandbox.ts'

// As guides have them that were written for version 2 of Keystone.
const shell = 'dash'
const commands = `set -eu
. "$1"
token=$(curl -is "$OS_AUTH_URL/auth/tokens" -H 'Content-Type: application/json' -d '{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"'"$OS_USERNAME"'","domain":{"id":"default"},"password":"'"$OS_PASSWORD"'"}}},"scope":{"project":{"name":"'"$OS_TENANT_NAME"'","domain":{"id":"default"}}}}}' | grep '^X-Subject-Token' | cut -d' ' -f2)
curl -s -o /dev/null -w '%{http_code}' -H "X-Auth-Token: \${token%?}" -H "X-Subject-Token: \${token%?}" "$OS_AUTH_URL/auth/tokens"
`

test('commands that read OS_TENANT_NAME log in by the openrc of the sandbox', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-tenant-'))
  const openrc = join(folder, 'openrc.sh')
  await using sandbox = await serveSandbox(['--openrc', openrc])
  expect(sandbox.environment.OS_TENANT_NAME).toBe(sandbox.environment.OS_PROJECT_NAME)
  const script = join(folder, 'guide.sh')
  writeFileSync(script, commands)
  const { stdout, stderr } = await run(script, openrc)
  rmSync(folder, { recursive: true })
  expect([stdout, stderr]).toEqual(['200', ''])
})

async function run(script: string, openrc: string): Promise<{ stdout: string; stderr: string }> {
  const child = spawn(shell, [script, openrc], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  await new Promise((resolve) => child.on('close', resolve))
  return { stdout, stderr }
}
