import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { type Answer, account, ask, login } from '../ask.ts'

/** Asks of an account of the sandbox; a PUT without a body says that it has none. */
export type Asking = (
  method: string,
  path: string,
  headers?: Readonly<Record<string, string>>,
  body?: string | Buffer,
) => Promise<Answer>

/** Asks as the learner, of the account of the workshop. */
export async function asLearner(sandbox: Pick<Sandbox, 'url'>): Promise<Asking> {
  return asking(sandbox, account, await login(sandbox))
}

/** Asks by a token, of an account. */
export function asking(sandbox: Pick<Sandbox, 'url'>, below: string, token?: string): Asking {
  return (method, path, headers = {}, body) =>
    ask(sandbox, method, `${below}${path}`, {
      headers: {
        ...(token !== undefined && { 'X-Auth-Token': token }),
        ...(method === 'PUT' && body === undefined && { 'Content-Length': '0' }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    })
}

/** The names of an account or container. */
export async function namesIn(asked: Asking, path: string): Promise<readonly string[]> {
  const { body } = await asked('GET', path)
  return body.toString() === '' ? [] : body.toString().trimEnd().split('\n')
}
