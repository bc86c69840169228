import { STATUS_CODES } from 'node:http'
import type { ExchangeRecord, ShownBody } from '../../model/event.ts'
import type { HeaderList } from '../../model/exchange.ts'
import type { ReportOptions } from '../../model/reporter.ts'
import { prettyJson } from '../../util/pretty-json.ts'
import { requestTarget } from '../../util/request-target.ts'
import { visible, visibleLines } from '../../util/text/visible.ts'
import type { Paint } from './paint.ts'

/**
 * An exchange for a terminal: the answer in one line; when heads or bodies are asked for, both
 * messages as `curl -v` shows them, with `>` before what was sent and `<` before what came. Lines of a body
 * carry the same sign, so that no body can pass for a head.
 */
export function exchangeText(exchange: ExchangeRecord, options: ReportOptions, paint: Paint): string {
  const lines: string[] = []
  const withBodies = options.verbosity === 'bodies'
  if (withBodies || options.verbosity === 'headers') {
    lines.push(...requestHead(exchange).map((line) => paint.dim(`> ${visible(line)}`.trimEnd())))
    if (withBodies) lines.push(...bodyLines(exchange.requestBody, '>', paint))
    if (exchange.status !== undefined) {
      lines.push(...responseHead(exchange, exchange.status, paint))
      if (withBodies) lines.push(...bodyLines(exchange.responseBody, '<', paint))
      lines.push(`${paint.dim('*')} ${facts(exchange, paint)}`)
    }
  } else if (exchange.status !== undefined)
    lines.push(
      `${paint.dim('<')} ${colored(exchange.status, answerWords(exchange.status), paint)} ${facts(exchange, paint)}`,
    )
  if (exchange.cloudMessage !== undefined) lines.push(`  ${paint.dim(visible(exchange.cloudMessage))}`)
  return lines.map((line) => `    ${line}\n`).join('')
}

// Host comes first and Content-Length last: those two the transport adds. Connection is the transport's own affair.
function requestHead({ method, url, requestHeaders, requestBody }: ExchangeRecord): readonly string[] {
  const size = requestBody?.size ?? (/^(PUT|POST|PATCH)$/.test(method) ? 0 : undefined)
  return [
    `${method} ${requestTarget(url)} HTTP/1.1`,
    `Host: ${URL.canParse(url) ? new URL(url).host : ''}`,
    ...headerLines(requestHeaders.filter(([name]) => !/^(host|content-length)$/i.test(name))),
    ...(size === undefined ? [] : [`Content-Length: ${size}`]),
    '',
  ]
}

function responseHead(
  { reason, responseHeaders }: ExchangeRecord,
  status: number,
  paint: Paint,
): readonly string[] {
  const words = reason === undefined ? answerWords(status) : `${status} ${visible(reason)}`.trimEnd()
  return [
    `${paint.dim('< HTTP/1.1')} ${colored(status, words, paint)}`,
    ...headerLines(responseHeaders ?? []).map((line) => paint.dim(`< ${visible(line)}`)),
    paint.dim('<'),
  ]
}

function headerLines(headers: HeaderList): readonly string[] {
  return headers.map(([name, value]) => `${name}: ${value}`)
}

function answerWords(status: number): string {
  return `${status}${STATUS_CODES[status] === undefined ? '' : ` ${STATUS_CODES[status]}`}`
}

function colored(status: number, words: string, paint: Paint): string {
  return status >= 400 ? paint.yellow(words) : paint.green(words)
}

function facts({ duration, responseBody, requestId }: ExchangeRecord, paint: Paint): string {
  const parts = [`${Math.round(duration)} ms`]
  if (responseBody !== undefined) parts.push(`${responseBody.size} bytes`)
  if (requestId !== undefined) parts.push(visible(requestId))
  return paint.dim(parts.join(', '))
}

function bodyLines(body: ShownBody | undefined, arrow: string, paint: Paint): readonly string[] {
  if (body === undefined) return []
  if (body.text === undefined)
    return [
      paint.dim(
        `${arrow} ${body.file === undefined ? '' : `${visible(body.file)}, `}${body.size} bytes${body.md5 === undefined ? '' : `, md5 ${body.md5}`}`,
      ),
    ]
  const lines = visibleLines(prettyJson(body.text)).map((line) => paint.dim(`${arrow} ${line}`))
  return body.truncated === true ? [...lines, paint.dim(`${arrow} … (${body.size} bytes in all)`)] : lines
}
