import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Problem } from '../model/problem.ts'
import { answer, readJson } from './answer.ts'
import { openEventStream } from './event-stream.ts'
import { isSameSecret, refusalOf } from './guard.ts'
import { listen } from './listen.ts'
import { toPageAction } from './page-action.ts'
import { type PageFiles, readPage } from './page-files.ts'
import type { SessionOptions } from './session/session.ts'
import { createSessions, type Sessions } from './session/sessions.ts'

/** How to serve the page. */
export type PageServerOptions = SessionOptions & {
  /** The folder with what the build made of the pages. */
  readonly folder: string
  /** A port of 127.0.0.1; any free one unless given. */
  readonly port?: number
}

/** The page, being served. */
export type PageServer = {
  /** `http://127.0.0.1:PORT/TOKEN/`: whoever has it may run the recipes. */
  readonly url: string
  /** Ends all runs, cleans up and stops. Gives what could not be cleaned up. */
  close(): Promise<readonly Problem[]>
}

/**
 * Serves recipes as a page to this machine alone. Each page has a run of its own. A request needs the random token of the
 * page's address, an address as its Host, and no other site as its Origin.
 */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const files = await readPage(options.folder, 'lessons')
  const sessions = createSessions(options)
  const token = randomBytes(24).toString('base64url')
  const handle = async (request: IncomingMessage, response: ServerResponse, port: number): Promise<void> => {
    const refusal = refusalOf({ method: request.method ?? '', headers: request.headers }, port)
    if (refusal !== undefined) return answer(response, refusal.status, refusal.text)
    const url = new URL(request.url ?? '/', 'http://localhost')
    const [, given = '', name = ''] = /^\/([^/]+)\/([\w.]*)$/.exec(url.pathname) ?? []
    if (!isSameSecret(given, token))
      return answer(response, 404, 'There is nothing without the whole address.')
    return route({ name, session: url.searchParams.get('session') ?? '', files, sessions }, request, response)
  }
  const { port, close } = await listen(handle, '127.0.0.1', options.port ?? 0)
  return {
    url: `http://127.0.0.1:${port}/${token}/`,
    async close() {
      const leftovers = await sessions.close()
      await close()
      return leftovers
    },
  }
}

type Asked = {
  readonly name: string
  readonly session: string
  readonly files: PageFiles
  readonly sessions: Sessions
}

async function route(
  { name, session: id, files, sessions }: Asked,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method } = request
  const file = files.get(name)
  if (file !== undefined && (method === 'GET' || method === 'HEAD'))
    return answer(response, 200, method === 'HEAD' ? '' : file.text, { 'Content-Type': file.type })
  if (!/^[\w-]{16,64}$/.test(id)) return answer(response, 404, 'There is no such page.')
  if (name === 'events' && method === 'GET') {
    const session = sessions.open(id)
    if (session === undefined) return answer(response, 503, 'There are too many pages: close some.')
    await session.listen(openEventStream(request, response))
    if (!session.isHeard) sessions.leave(id, false)
    return
  }
  if (name !== 'actions' || method !== 'POST') return answer(response, 404, 'There is no such page.')
  const action = toPageAction(await readJson(request))
  const session = sessions.find(id)
  if (action === undefined) return answer(response, 400, 'This is nothing that a page can ask for.')
  if (session === undefined) return answer(response, 409, 'This page is not there any more: load it again.')
  if (action.type === 'leave') sessions.leave(id, true)
  else void session.act(action)
  answer(response, 204)
}
