import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { PageMessage } from '../../src/web/message.ts'
import { startOsrun } from '../cli/osrun.ts'
import { type Listener, listen, post } from './asking.ts'
import { pageAddress, startServing } from './served.ts'

const session = '0123456789abcdef'

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
  const { stdout, stderr, signal, ended } = startOsrun(['sandbox', '--web', '--openrc', '/dev/null'], {
    OSRUN_SANDBOX_PASSWORD: 'of-this-class',
  })
  const url = await pageAddress(stderr)
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
    /OSRUN_SANDBOX_URL='?([^'\n]+).*OSRUN_SANDBOX_KEY='?(\w+)/s.exec(stdout.text()) ?? []
  const headers = { 'X-Osrun-Key': key }
  await fetch(`${base}/osrun/faults/slow?value=1ms`, { method: 'PUT', headers })
  await post(`${url}actions?session=fedcba9876543210`, { type: 'mend', fault: 'unavailable' })
  for (const page of [one, other]) await expect.poll(() => lastOn(page)).toEqual([['slow', '1ms']])
  signal('SIGINT')
  const { status } = await ended
  expect([status, stderr.text().includes('of-this-class')]).toEqual([0, false])
})
