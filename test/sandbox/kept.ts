import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'
import { type Answer, ask, login } from './ask.ts'

/** A path for the data of one test, at which nothing is yet. */
export function newData(): string {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-data-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'kept')
}

/** A sandbox that is kept there, in which everybody has the password `pw`. */
export function startKept(data: string, options: SandboxOptions = {}): Promise<Sandbox> {
  return startSandbox({ password: 'pw', ...options, data })
}

/** Asks with the learner's token, a new one unless given. */
export async function asker(sandbox: Pick<Sandbox, 'url'>, token?: string) {
  const own = token ?? (await login(sandbox, 'learner', 'pw'))
  return (method: string, path: string, headers = {}, body?: string | Buffer): Promise<Answer> =>
    ask(sandbox, method, path, {
      headers: { 'X-Auth-Token': own, ...headers },
      ...(body !== undefined && { body }),
    })
}

/** What of an answer is the same when the same is asked again. */
export function lasting({ status, headers, body }: Answer): unknown {
  const own = /^(date|x-trans-id|x-openstack-request-id|connection|keep-alive)$/i
  return { status, headers: headers.filter(([name]) => !own.test(name)), body: body.toString('latin1') }
}
