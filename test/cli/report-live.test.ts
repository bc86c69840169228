import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startOsrun } from './osrun.ts'

test('an event stream on standard output has the first steps while later ones still wait', async () => {
  let waiting: ServerResponse | undefined
  const server = createServer((_request, response) => {
    waiting = response
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const folder = mkdtempSync(join(tmpdir(), 'osrun-live-'))
  const file = join(folder, 'recipe.yaml')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  writeFileSync(
    file,
    `osrun: 1\nname: Slow\nsteps:\n  - authenticate:\n  - request: { url: "GET ${url}", token: false }\n`,
  )
  const { stdout, ended } = startOsrun(['--sandbox', file, '--report', 'ndjson=-'])
  await expect.poll(stdout.text, { timeout: 20_000 }).toMatch(/"type":"step:start","step":"request-1"/)
  await expect.poll(() => waiting, { timeout: 20_000 }).toBeDefined()
  waiting?.end('at last')
  expect((await ended).status).toBe(0)
  server.close()
  rmSync(folder, { recursive: true })
})
