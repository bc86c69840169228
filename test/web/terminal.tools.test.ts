import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import type { PageMessage } from '../../src/web/message.ts'
import { startProcess } from '../cli/osrun-process.ts'
import { type Listener, listen, post } from './asking.ts'
import { pageAddress, startServing } from './served.ts'

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
  const told = execFileSync('sh', ['-c', line], { encoding: 'utf8' })
  expect(told).toMatch(/^HTTP\/1.1 204 No Content\r\n./)
  expect((await served.stop()).status).toBe(0)
  expect(existsSync(dirname(path))).toBe(false)
})

test('a card has its cloud anew for each run, which a shell follows', async () => {
  await using served = await startServing(['learn', '--web', '--cards', 'only-the-first', 'half-a-photo'])
  await using page = await listen<PageMessage>(`${served.url}events?session=${session}`)
  const act = (action: object) => post(`${served.url}actions?session=${session}`, action)
  const shells = () => page.messages.flatMap((told) => (told.type === 'shell' ? [told.command] : []))
  const ended = () => page.messages.filter((told) => told.type === 'state' && told.state.at === 'end').length
  await page.until(({ type }) => type === 'opened')
  for (const times of [1, 2]) {
    await act({ type: 'step' })
    await expect.poll(() => new Set(shells()).size).toBe(times)
    await act({ type: 'all' })
    await expect.poll(ended).toBe(times)
  }
  const answers = page.messages.flatMap((told) =>
    told.type === 'event' && told.event.type === 'exchange' ? [told.event.exchange] : [],
  )
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(2)
  const ports = new Set(answers.map(({ url }) => new URL(url).port))
  expect(ports.size).toBe(2)
  await act({ type: 'open', lesson: 1 })
  await act({ type: 'step' })
  await expect.poll(() => new Set(shells()).size).toBe(3)
  const files = [...new Set(shells())].map((command) => command.replace(/^\. /, ''))
  expect(files.map((file) => existsSync(file))).toEqual([false, false, true])
  expect((await served.stop()).status).toBe(0)
})

/** The faults that a page was told last to be on. */
function lastOn({ messages }: Listener<PageMessage>): readonly (readonly [string, string | undefined])[] {
  const told = messages.findLast(({ type }) => type === 'faults')
  if (told?.type !== 'faults') return []
  return told.faults.filter(({ value }) => value !== undefined).map(({ name, value }) => [name, value])
}

test('osrun sandbox --web serves the course on the sandbox that other programs use', async () => {
  const { child, ended } = startProcess(['sandbox', '--web', '--openrc', '/dev/null'], {
    OSRUN_SANDBOX_PASSWORD: 'of-this-class',
  })
  let printed = ''
  child.stdout?.on('data', (part: string) => {
    printed += part
  })
  const url = await pageAddress(child.stderr)
  await using one = await listen<PageMessage>(`${url}events?session=${session}`)
  await using other = await listen<PageMessage>(`${url}events?session=fedcba9876543210`)
  const clouds: string[] = []
  for (const [page, id] of [
    [one, session],
    [other, 'fedcba9876543210'],
  ] as const) {
    await page.until(({ type }) => type === 'opened')
    await post(`${url}actions?session=${id}`, { type: 'step' })
    const told = await page.until((message) => message.type === 'event' && message.event.type === 'exchange')
    if (told.type === 'event' && told.event.type === 'exchange') clouds.push(told.event.exchange.url)
  }
  expect(clouds[0]).toMatch(/\/identity\/v3\/auth\/tokens$/)
  expect(clouds[1]).toBe(clouds[0])
  // What one tab breaks is broken for all, and what a program breaks is seen in all.
  await post(`${url}actions?session=${session}`, { type: 'break', fault: 'unavailable', value: '3' })
  await expect.poll(() => lastOn(other)).toEqual([['unavailable', '3']])
  const [, base = '', key = ''] =
    /OSRUN_SANDBOX_URL='?([^'\n]+).*OSRUN_SANDBOX_KEY='?(\w+)/s.exec(printed) ?? []
  const headers = { 'X-Osrun-Key': key }
  await fetch(`${base}/osrun/faults/slow?value=1ms`, { method: 'PUT', headers })
  await post(`${url}actions?session=fedcba9876543210`, { type: 'mend', fault: 'unavailable' })
  for (const page of [one, other]) await expect.poll(() => lastOn(page)).toEqual([['slow', '1ms']])
  child.kill('SIGINT')
  const { status, stderr } = await ended
  expect([status, stderr.includes('of-this-class')]).toEqual([0, false])
})
