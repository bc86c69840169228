import { createFileSink } from '../../http/body-sink.ts'
import type { HttpRequest, HttpResponse, SendOptions, Transport } from '../../model/exchange.ts'
import { OsrunError, type Problem } from '../../model/problem.ts'
import { nearest } from '../../util/text/nearest.ts'
import { isSameRequest, toRecordedRequest } from './recorded-request.ts'
import type { RecordedExchange, RecordedResponse, RequestRecord } from './recording.ts'

/** What a replayed run has besides its own exchanges. */
export type ReplaySurroundings = {
  /** Those of all runs: a token that runs share was asked for by one of them. */
  readonly others: readonly RecordedExchange[]
  /** Told the times that pass, in epoch milliseconds. */
  reach(time: number): void
}

/**
 * Answers requests by those that were recorded: the next one that asks for the same, so that a request that is sent several
 * times gets its answers in their order.
 */
export function createReplayTransport(
  exchanges: readonly RecordedExchange[],
  { others, reach }: ReplaySurroundings,
): Transport {
  const played = new Set<RecordedExchange>()
  let position = 0
  const next = (asked: RequestRecord): RecordedExchange | undefined => {
    const fits = (one: RecordedExchange): boolean => !played.has(one) && isSameRequest(one.request, asked)
    const ahead = exchanges.findIndex((one, index) => index >= position && fits(one))
    const found = ahead >= 0 ? exchanges[ahead] : exchanges.find(fits)
    if (ahead >= 0) position = ahead + 1
    if (found !== undefined) played.add(found)
    return found ?? others.find((one) => isSameRequest(one.request, asked))
  }
  return {
    async send(request, options) {
      if (options.signal.aborted) throw options.signal.reason
      const asked = toRecordedRequest(request)
      const exchange = next(asked)
      if (exchange === undefined) throw notRecorded(asked, exchanges, played)
      reach(exchange.sent)
      try {
        return answer(exchange, request, options)
      } finally {
        reach(exchange.ended)
      }
    },
    close: async () => {},
  }
}

function answer(
  { response, problem, head }: RecordedExchange,
  request: HttpRequest,
  { onHead }: SendOptions,
): HttpResponse {
  const begun = response ?? head
  if (begun !== undefined) onHead?.(begun.status, begun.headers)
  if (response === undefined) throw asError(problem)
  const { text, base64, leftOut, ...facts } = response
  if (leftOut === true) throw leftOutError(request, response)
  const bytes =
    text !== undefined ? Buffer.from(text) : base64 === undefined ? undefined : Buffer.from(base64, 'base64')
  const isSaved = request.saveTo !== undefined && response.status >= 200 && response.status < 300
  if (isSaved && request.saveTo !== undefined && bytes !== undefined) save(request.saveTo, bytes)
  return { ...facts, body: isSaved ? undefined : bytes }
}

function save(path: string, bytes: Buffer): void {
  const sink = createFileSink(path)
  sink.write(bytes)
  sink.end()
}

function asError({ code, message, hint, causes }: Problem = internal): OsrunError {
  const cause = causes.reduceRight<Error | undefined>(
    (inner, text) => new Error(text, inner && { cause: inner }),
    undefined,
  )
  return new OsrunError(code, message, { hint, cause })
}

// The schema of a recording wants one of the two.
const internal: Problem = {
  code: 'INTERNAL',
  message: 'Neither an answer nor a problem was recorded.',
  causes: [],
}

function leftOutError({ method, url }: HttpRequest, { size }: RecordedResponse): OsrunError {
  return new OsrunError(
    'REPLAY_IMPOSSIBLE',
    `The answer to ${method} ${url} is in the recording by its size, ${size} bytes, and its hashes alone.`,
    { hint: 'A recording leaves out what is too long for it, and what is compressed.' },
  )
}

function notRecorded(
  asked: RequestRecord,
  exchanges: readonly RecordedExchange[],
  played: ReadonlySet<RecordedExchange>,
): OsrunError {
  const line = ({ method, url }: RequestRecord): string => `${method} ${url}`
  const left = exchanges.filter((one) => !played.has(one)).map(({ request }) => request)
  const sameLine = left.find(({ body: _body, ...one }) => isSameRequest({ ...one, ...bodyOf(asked) }, asked))
  const near = nearest(line(asked), left.map(line)) ?? left.map(line)[0]
  return new OsrunError('REPLAY_IMPOSSIBLE', `${line(asked)} is not in the recording.`, {
    hint:
      sameLine !== undefined
        ? `It has ${line(sameLine)} with another body. Has the recipe changed since?`
        : near === undefined
          ? 'All that was recorded of this run has been replayed.'
          : `The nearest that it has is ${near}. Has the recipe changed since?`,
  })
}

function bodyOf({ body }: RequestRecord): Pick<RequestRecord, 'body'> {
  return body === undefined ? {} : { body }
}
