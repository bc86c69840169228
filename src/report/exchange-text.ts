import { STATUS_CODES } from 'node:http'
import type { ExchangeRecord, ShownBody } from '../model/event.ts'
import type { ReportOptions } from '../model/reporter.ts'
import type { Paint } from './paint.ts'
import { visible, visibleLines } from './visible.ts'

/** An exchange for a terminal: its curl, then the answer; heads and bodies when asked for, in curl's `>` `<` form. */
export function exchangeText(
  exchange: ExchangeRecord,
  curl: string,
  options: ReportOptions,
  paint: Paint,
): string {
  const lines: string[] = []
  if (options.curl) lines.push(`    ${paint.blue('$')} ${visible(curl)}`)
  const isLong = options.verbosity === 'headers' || options.verbosity === 'bodies'
  if (isLong) {
    lines.push(paint.dim(`    > ${visible(`${exchange.method} ${exchange.url}`)}`))
    for (const [name, value] of exchange.requestHeaders)
      lines.push(paint.dim(`    > ${visible(`${name}: ${value}`)}`))
    if (options.verbosity === 'bodies') lines.push(...bodyLines(exchange.requestBody, '>', paint))
  }
  if (exchange.status !== undefined)
    lines.push(`    ${paint.dim('<')} ${answer(exchange, exchange.status, paint)}`)
  if (isLong)
    for (const [name, value] of exchange.responseHeaders ?? [])
      lines.push(paint.dim(`    < ${visible(`${name}: ${value}`)}`))
  if (options.verbosity === 'bodies') lines.push(...bodyLines(exchange.responseBody, '<', paint))
  return lines.map((line) => `${line}\n`).join('')
}

function answer(exchange: ExchangeRecord, status: number, paint: Paint): string {
  const words = `${status}${STATUS_CODES[status] === undefined ? '' : ` ${STATUS_CODES[status]}`}`
  const parts = [`${Math.round(exchange.duration)} ms`]
  if (exchange.responseBody !== undefined) parts.push(`${exchange.responseBody.size} bytes`)
  if (exchange.requestId !== undefined) parts.push(visible(exchange.requestId))
  const colored = status >= 400 ? paint.yellow(words) : paint.green(words)
  const said =
    exchange.cloudMessage === undefined ? '' : `\n      ${paint.dim(visible(exchange.cloudMessage))}`
  return `${colored} ${paint.dim(parts.join(', '))}${said}`
}

function bodyLines(body: ShownBody | undefined, arrow: string, paint: Paint): readonly string[] {
  if (body === undefined) return []
  if (body.text === undefined)
    return [
      paint.dim(
        `    ${arrow} ${body.file === undefined ? '' : `${visible(body.file)}, `}${body.size} bytes${body.md5 === undefined ? '' : `, md5 ${body.md5}`}`,
      ),
    ]
  const lines = visibleLines(pretty(body.text)).map((line) => paint.dim(`    ${arrow} ${line}`))
  return body.truncated === true ? [...lines, paint.dim(`    ${arrow} … (${body.size} bytes in all)`)] : lines
}

function pretty(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    // What only looks like JSON is shown as it came.
    return text
  }
}
