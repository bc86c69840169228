import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createTransport } from '../../src/http/undici/undici-transport.ts'
import { describeRefusals, send, tls } from './forms.ts'
import { okay, startRawServer } from './raw-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'osrun-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a large file is streamed', async () => {
  const large = join(folder, 'large.bin')
  writeFileSync(large, Buffer.alloc(30_000_000, 7))
  const { base, requests } = await startRawServer(() => okay())
  const response = await send(createTransport({ tls }), `${base}/`, [{ name: 'a', file: large }])
  expect(response.sentSize).toBe(requests[0]?.body.length)
  expect(response.sentSize).toBeGreaterThan(30_000_000)
})

describeRefusals('undici', folder, () => createTransport({ tls }))
