import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serveKept } from '../cli/kept-process.ts'
import { account, login } from './ask.ts'
import { asker, newData, startKept } from './kept.ts'

const bodies = (data: string): readonly string[] => readdirSync(join(data, 'bodies'))

test('a sandbox that is killed has each object as it was before the upload or after it', async () => {
  const data = newData()
  const first = await serveKept(data)
  const by = await asker(first)
  expect((await by('PUT', `${account}/photos/a`, {}, 'as it was')).status).toBe(201)
  const token = await login(first, 'learner', 'pw')
  const socket = connect(Number(new URL(first.url).port), '127.0.0.1').on('error', () => {})
  const head = `PUT ${account}/photos/a HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${token}\r\nContent-Length: 9000000\r\n\r\n`
  await new Promise((resolve) => socket.write(head + 'x'.repeat(5_000_000), resolve))
  await first.stop('SIGKILL')
  const left = bodies(data).length
  await using second = await startKept(data)
  expect((await (await asker(second, token))('GET', `${account}/photos/a`)).body.toString()).toBe('as it was')
  expect(bodies(data).length).toBe(left - 1)
})

test('a sandbox that is killed keeps all that it has answered, and lets the folder go', async () => {
  const data = newData()
  const first = await serveKept(data)
  const by = await asker(first)
  const names = Array.from({ length: 20 }, (_, index) => `o${index}`)
  const statuses = await Promise.all(names.map((name) => by('PUT', `${account}/photos/${name}`, {}, name)))
  expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([201]))
  await first.stop('SIGKILL')
  await using second = await startKept(data)
  const seen = await asker(second)
  for (const name of names)
    expect((await seen('GET', `${account}/photos/${name}`)).body.toString()).toBe(name)
})
