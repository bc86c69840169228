import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connect } from '../../src/library/index.ts'
import { runOsrun } from '../cli/osrun.ts'
import { startProcess } from '../cli/osrun-process.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { startStranger } from '../steps/play.ts'
import { cloudOf, environment } from './cloud.ts'

let stranger: Awaited<ReturnType<typeof startStranger>>
let home: string
beforeEach(async () => {
  stranger = await startStranger()
  home = mkdtempSync(join(tmpdir(), 'osrun-sweep-'))
})
afterEach(async () => {
  await stranger.close()
  rmSync(home, { recursive: true })
})

const variables = (): Readonly<Record<string, string>> => ({ ...environment, XDG_STATE_HOME: home })

/** Kills a run of these steps with -9 once it has done them, and gives its id. */
async function killAfter(steps: string): Promise<string> {
  const file = join(home, 'killed.yaml')
  writeFileSync(file, `osrun: 1\nname: Killed\nsteps:\n${steps}  - request: GET ${stranger.url}/never\n`)
  const { child, ended } = startProcess([file], variables())
  ended.catch(() => {})
  await expect.poll(() => stranger.heard.length, { timeout: 30_000 }).toBe(1)
  await kill(child)
  const [name = ''] = readdirSync(join(home, 'osrun', 'ledgers'))
  assertNoSecret(readFileSync(join(home, 'osrun', 'ledgers', name), 'utf8'), name)
  return name.replace('.ndjson', '')
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.on('close', resolve))
  child.kill('SIGKILL')
  await gone
}

test('after kill -9 a sweep deletes the container and what is in it', async () => {
  const run = await killAfter(`  - authenticate:
  - pick-endpoint: object-store
  - request: PUT /osrun-\${run.id}
    defer: [{ request: "DELETE /osrun-\${run.id}" }]
  - for-each: [one, two]
    request: { url: "PUT /osrun-\${run.id}/\${item}", body: text }
`)
  await using session = connect({ cloud: await cloudOf(environment) })
  const { url } = await session.endpoint('object-store')
  const head = async (): Promise<number> => (await session.request('HEAD', `${url}/osrun-${run}`)).status
  expect(await head()).toBe(204)
  const swept = await runOsrun(['sweep', '--yes'], variables())
  expect(swept).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('3 deleted, 0 gone before, 0 left'),
  })
  expect(await head()).toBe(404)
  expect(readdirSync(join(home, 'osrun', 'ledgers'))).toEqual([])
})

test('an application credential whose answer was lost is found by its name', async () => {
  const credentials = '${token.identity_url}/users/${token.user.id}/application_credentials'
  const run = await killAfter(`  - authenticate:
  - request:
      url: POST ${credentials}
      json: { application_credential: { name: "osrun-\${run.id}" } }
      expect: 201
    capture: { made: $.application_credential.id }
    defer: [{ request: "DELETE ${credentials}/\${made}" }]
`)
  const path = join(home, 'osrun', 'ledgers', `${run}.ndjson`)
  const lines = readFileSync(path, 'utf8').split('\n')
  writeFileSync(path, lines.filter((line) => !line.includes('"kind":"known"')).join('\n'))
  const swept = await runOsrun(['sweep', '--yes'], variables())
  expect(swept).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('1 deleted, 0 gone before, 0 left'),
  })
  await using session = connect({ cloud: await cloudOf(environment) })
  const { identityUrl, user } = await session.token()
  const list = await session.request('GET', `${identityUrl}/users/${user.id}/application_credentials`)
  expect(new TextDecoder().decode(list.body)).not.toContain(`osrun-${run}`)
})
