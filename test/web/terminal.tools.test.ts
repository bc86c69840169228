import { execFile } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { PageMessage } from '../../src/web/message.ts'
import { listen, post } from './asking.ts'
import { startServing } from './served.ts'

const session = '0123456789abcdef'

test('a shell gets what the curl lines read, by a file that others cannot read and that goes with the server', async () => {
  await using served = await startServing(['learn', '--web', 'recipes/object-metadata.yaml'])
  await using page = await listen<PageMessage>(`${served.url}events?session=${session}`)
  await page.until(({ type }) => type === 'opened')
  for (const step of ['pick-endpoint-1', 'request-1']) {
    await post(`${served.url}actions?session=${session}`, { type: 'step' })
    await page.until((told) => told.type === 'state' && told.state.at === 'step' && told.state.step === step)
  }
  await page.until(() => page.messages.filter(({ type }) => type === 'shell').length === 2)
  const shell = page.messages.find(({ type }) => type === 'shell')
  const command = shell?.type === 'shell' ? shell.command : ''
  const path = command.replace(/^\. /, '')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
  const line = `${command}; curl -sI "$endpoint/photos" -H "X-Auth-Token: $token" | head -n 1; printf %s "$OS_PASSWORD"`
  const { stdout } = await promisify(execFile)('sh', ['-c', line])
  expect(stdout).toMatch(/^HTTP\/1.1 204 No Content\r\n./)
  expect((await served.stop()).status).toBe(0)
  expect(existsSync(dirname(path))).toBe(false)
})
