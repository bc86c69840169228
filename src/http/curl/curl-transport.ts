import type { HttpRequest, HttpResponse, Transport } from '../../model/exchange.ts'
import { mostKept } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import { authorityVariables, findAuthorities } from '../authorities.ts'
import { createFileSink, createMemorySink, withFacts } from '../body-sink.ts'
import { checkRequest } from '../check-request.ts'
import { type Exchange, type TransportOptions, watchEnd } from '../exchange.ts'
import { hashFile, statFile } from '../file-hash.ts'
import { HeadOverflow, longestTrailers } from '../head-limits.ts'
import { type Pace, standstill, stillnessLimit, watchPace } from '../pace.ts'
import { proxyFor } from '../proxy.ts'
import { readServerCertificate } from '../server-certificate.ts'
import { toAbortError, toTransportError } from '../transport-error.ts'
import { toCurlConfig } from './curl-config.ts'
import { isTooSlow, parseReport, toCurlError } from './curl-error.ts'
import { createHeadSink } from './curl-head.ts'
import type { CurlProcess } from './curl-process.ts'
import { checkCurl, startCurl } from './curl-process.ts'

/** Settings of a transport that runs curl. `environment` also says, by PATH, where curl and bash are. */
export type CurlTransportOptions = Omit<TransportOptions, 'connections'>

/**
 * Sends every request with the curl of this machine, 7.75 or newer, one process and one connection for each: what
 * `toCurl` prints is what runs. It reads no ~/.curlrc. Its environment is PATH and, where the given environment has
 * one for the URL, the proxy. No part of a request is in an argument list, a file or the environment: URL and headers
 * come by a pipe as configuration, a text body by another one. Errors are those of undici's transport, and
 * `CURL_UNUSABLE` when curl is missing or too old.
 */
export function createCurlTransport(options: CurlTransportOptions): Transport {
  const running = new Set<CurlProcess>()
  let checked: Promise<void> | undefined
  return {
    async send(request, sendOptions) {
      const url = checkRequest(request)
      if (request.method === 'HEAD' && request.body !== undefined)
        throw new OsrunError('URL_INVALID', phrase`curl sends no body with a HEAD.`)
      if (sendOptions.signal.aborted) throw toAbortError(sendOptions.signal)
      checked ??= checkCurl(environmentFor(url, options))
      await checked
      return await sendByCurl({ request, url, sendOptions, options }, running)
    },
    async close() {
      const open = [...running]
      for (const child of open) child.kill()
      await Promise.allSettled(open.map(({ ended }) => ended))
    },
  }
}

async function sendByCurl(exchange: Exchange, running: Set<CurlProcess>): Promise<HttpResponse> {
  const { request, url, sendOptions, options } = exchange
  const timeout = sendOptions.timeout ?? options.timeout
  const { stillness = stillnessLimit } = options
  const config = toCurlConfig(request, options.tls, { timeout, stillness })
  const over = new AbortController()
  if (request.body?.kind === 'multipart')
    for (const part of request.body.parts) if ('file' in part) await statFile(part.file)
  const sent = request.body?.kind === 'file' ? await hashFile(request.body.path, over.signal) : undefined
  let stopped: unknown
  let child: CurlProcess | undefined
  const stop = (problem: unknown): void => {
    stopped ??= problem
    child?.kill()
  }
  // Whether the body belongs into the file is not known before its head, which comes by a pipe of its own.
  const memory = createMemorySink(options.keepBytes ?? mostKept)
  const file = request.saveTo === undefined ? undefined : createFileSink(request.saveTo)
  const heads = createHeadSink()
  // How far a body has gone out curl alone knows, and ends what stands still.
  const isUpload = request.body?.kind === 'file' || request.body?.kind === 'multipart'
  const watch = (): Pace => watchPace({ ...request, stillness }, stop)
  let pace = isUpload ? undefined : watch()
  let isAnswered = false
  const onHead = (chunk: Buffer): void => {
    if (stopped !== undefined) return
    try {
      heads.write(chunk)
      if (isAnswered || !heads.isAnswered()) return
      isAnswered = true
      pace ??= watch()
      pace.head()
    } catch (error) {
      stop(toTransportError(error, url, options.tls))
    }
  }
  const onBody = (chunk: Buffer): void => {
    // What -I writes there are the headers once more.
    if (stopped !== undefined || request.method === 'HEAD') return
    try {
      pace?.received(chunk.length)
      memory.write(chunk)
      file?.write(chunk)
    } catch (error) {
      stop(error)
    }
  }
  const forgetEnd = watchEnd(exchange, stop)
  try {
    child = await startCurl({
      config,
      input: inputOf(request),
      environment: environmentFor(url, options),
      onHead,
      onBody,
    })
    running.add(child)
    if (stopped !== undefined || sendOptions.signal.aborted) stop(toAbortError(sendOptions.signal))
    const end = await child.ended
    const { head, trailers = 0 } = heads.end() ?? {}
    if (head !== undefined) sendOptions.onHead?.(head.status, head.headers)
    if (stopped !== undefined) throw stopped
    if (isTooSlow(end)) throw standstill(request.method, url.origin, { isAnswered, stillness })
    if (end.exit !== 0)
      throw toCurlError(end, url, options.tls, findAuthorities(options.tls, options.environment ?? {}))
    if (trailers > longestTrailers) throw toTransportError(new HeadOverflow(), url, options.tls)
    if (head === undefined)
      throw new OsrunError('RESPONSE_INVALID', phrase`${url.origin} sent something that is not HTTP.`)
    const isSaved = head.status < 300
    if (!isSaved) file?.discard()
    const { facts, body } = (isSaved && file ? file : memory).end()
    const report = parseReport(end.report)
    const [pem] = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/s.exec(report.certs ?? '') ?? []
    const certificate = pem === undefined ? undefined : readServerCertificate(pem)
    const response = {
      ...head,
      body,
      duration: (report.time_total ?? 0) * 1000,
      ...(sent && { sent: await sent() }),
      ...(request.body?.kind === 'multipart' && { sentSize: report.size_upload ?? 0 }),
      ...(certificate && { certificate }),
    }
    return withFacts(response, facts)
  } catch (error) {
    file?.discard()
    throw error
  } finally {
    over.abort()
    pace?.end()
    forgetEnd()
    if (child !== undefined) running.delete(child)
  }
}

function inputOf({ body }: HttpRequest): Buffer {
  return body?.kind === 'text' ? Buffer.from(body.text) : Buffer.alloc(0)
}

// Exactly what undici's transport obeys; curl would read more, and spell some of it in another way.
function environmentFor(
  url: URL,
  { environment = {} }: CurlTransportOptions,
): Readonly<Record<string, string>> {
  const proxy = proxyFor(url, environment)
  const { REQUESTS_CA_BUNDLE, ...lists } = Object.fromEntries(
    authorityVariables.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  )
  const bundle = Object.keys(lists).length === 0 && REQUESTS_CA_BUNDLE !== undefined
  return {
    PATH: environment.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    ...(url.protocol === 'https:' && (bundle ? { CURL_CA_BUNDLE: REQUESTS_CA_BUNDLE } : lists)),
    ...(proxy !== undefined && { [url.protocol === 'https:' ? 'https_proxy' : 'http_proxy']: proxy }),
  }
}
