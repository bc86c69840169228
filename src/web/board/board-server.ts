import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIPv6 } from 'node:net'
import { answer, readJson } from '../answer.ts'
import { type EventStream, openEventStream } from '../event-stream.ts'
import { isSameSecret, refusalOf } from '../guard.ts'
import { listen } from '../listen.ts'
import { type PageFiles, readPage } from '../page-files.ts'
import type { BoardMessage } from './board-message.ts'
import { makeJoinCode } from './join-code.ts'
import { createParticipants } from './participants.ts'
import { toReport } from './progress.ts'
import { createRateLimit } from './rate-limit.ts'

/** How often the teacher's page is told at most, in milliseconds. */
const leastPause = 200

/** Where and how to serve the board. */
export type BoardOptions = {
  /** The folder with what the build made of the pages. */
  readonly folder: string
  /** An address of this machine; 127.0.0.1 unless given. */
  readonly host?: string
  /** Any free port unless given. */
  readonly port?: number
  /** Milliseconds since 1970; the system's clock unless given. */
  readonly now?: () => number
}

/** The board, being served. */
export type Board = {
  /** The teacher's page, for browsers of this machine alone. */
  readonly url: string
  /** What participants give to `--board`: `http://ADDRESS:PORT#CODE`. */
  readonly join: string
  close(): Promise<void>
}

/**
 * Serves the board of a class: participants with its code tell their progress, and the teacher's page shows it. It runs
 * nothing, knows names and numbers alone, and forgets them when it stops.
 */
export async function startBoard(options: BoardOptions): Promise<Board> {
  const { host = '127.0.0.1', now = Date.now } = options
  const files = await readPage(options.folder, 'board')
  const [token, code] = [randomBytes(24).toString('base64url'), makeJoinCode()]
  const participants = createParticipants()
  const guesses = createRateLimit({ burst: 10, perSecond: 1 / 6, now })
  const reports = createRateLimit({ burst: 30, perSecond: 5, now })
  const streams = new Set<EventStream>()
  let telling: NodeJS.Timeout | undefined
  const tellAll = (): void => {
    telling ??= setTimeout(() => {
      telling = undefined
      for (const stream of streams) stream.send(message())
    }, leastPause)
  }
  const message = (): BoardMessage => ({ join, participants: participants.list(), now: now() })

  const note = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const from = request.socket.remoteAddress ?? ''
    const [, given = ''] = /^Bearer (\S{1,20})$/.exec(request.headers.authorization ?? '') ?? []
    if (!isSameSecret(given, code)) {
      const mayGuess = guesses.take(from)
      return mayGuess ? answer(response, 403, 'This is not the code.') : tooOften(response, 60)
    }
    const report = toReport(await readJson(request))
    if (report === undefined) return answer(response, 400, 'This is no progress.')
    if (!reports.take(report.participant)) return tooOften(response, 1)
    if (!participants.note(report, now())) return answer(response, 503, 'The board is full.')
    tellAll()
    answer(response, 204)
  }
  const show = async (name: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isOfThisMachine(request))
      return answer(response, 403, 'The board is shown on its own machine alone.')
    const file = (files as PageFiles).get(name)
    if (request.method !== 'GET') return answer(response, 405, 'This can only be read.')
    if (file !== undefined) return answer(response, 200, file.text, { 'Content-Type': file.type })
    if (name !== 'events') return answer(response, 404, 'There is no such page.')
    const stream = openEventStream(request, response)
    stream.send(message())
    streams.add(stream)
    await stream.closed
    streams.delete(stream)
  }
  const handle = async (request: IncomingMessage, response: ServerResponse, port: number): Promise<void> => {
    const refusal = refusalOf({ method: request.method ?? '', headers: request.headers }, port)
    if (refusal !== undefined) return answer(response, refusal.status, refusal.text)
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/progress' && request.method === 'POST') return note(request, response)
    const [, given = '', name = ''] = /^\/([^/]+)\/([\w.]*)$/.exec(pathname) ?? []
    if (isSameSecret(given, token)) return show(name, request, response)
    answer(response, 404, 'There is nothing without the whole address.')
  }
  const { port, close } = await listen(handle, host, options.port ?? 0)
  const origin = `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
  const join = `${origin}#${code}`
  return {
    url: `${origin}/${token}/`,
    join,
    async close() {
      clearTimeout(telling)
      for (const stream of streams) stream.end()
      await close()
    },
  }
}

function tooOften(response: ServerResponse, seconds: number): void {
  answer(response, 429, 'Too often: wait a little.', { 'Retry-After': String(seconds) })
}

// Who asks an own address of the machine has that address too.
function isOfThisMachine({ socket: { remoteAddress = '', localAddress } }: IncomingMessage): boolean {
  return remoteAddress === localAddress || /^(127\.|::1$|::ffff:127\.)/.test(remoteAddress)
}
