import { STATUS_CODES } from 'node:http'
import type { ExchangeRecord } from '../../../model/event.ts'
import { queryJson } from '../../../recipe/template/json-path.ts'
import type { Paint } from '../../../report/text/paint.ts'
import { jsonText, parseJson } from '../../../util/parse-json.ts'
import { visible } from '../../../util/text/visible.ts'
import type { Matters } from './matters.ts'

/** How much of a value is shown, in characters. */
const longest = 100

/** The answer of an exchange as lines: its status, what matters in it with a mark before, and how much more there is. Nothing where no answer came. */
export function answerText(exchange: ExchangeRecord, matters: Matters, paint: Paint): string {
  const { status, duration, responseBody, responseHeaders = [], cloudMessage } = exchange
  if (status === undefined) return ''
  const words = `${status} ${STATUS_CODES[status] ?? ''}`.trim()
  const facts = [`${Math.round(duration)} ms`]
  if (responseBody !== undefined && responseBody.size > 0) facts.push(`${responseBody.size} bytes`)
  const colored = status >= 400 ? paint.yellow(words) : paint.green(words)
  const lines = [`< ${paint.bold(colored)}  ${paint.dim(facts.join(', '))}`]
  if (cloudMessage !== undefined) lines.push(`  ${visible(cloudMessage)}`)
  const marked = responseHeaders.filter(([name]) => matters.headers.has(name.toLowerCase()))
  for (const [name, value] of marked)
    lines.push(`${paint.blue('▸')} ${paint.bold(visible(name))}: ${visible(shortened(value))}`)
  for (const [query, value] of found(responseBody?.text, matters.json))
    lines.push(`${paint.blue('▸')} ${paint.bold(query)} = ${visible(shortened(value))}`)
  const rest = responseHeaders.length - marked.length
  const body = responseBody !== undefined && responseBody.size > 0 ? ' and the body' : ''
  lines.push(
    paint.dim(`  … ${rest} ${rest === 1 ? 'header' : 'headers'}${marked.length > 0 ? ' more' : ''}${body}`),
  )
  return lines.map((line) => `  ${line}\n`).join('')
}

function found(text: string | undefined, queries: readonly string[]): readonly (readonly [string, string])[] {
  // Of a long body only the beginning is kept, which is no JSON.
  const body = parseJson(text)
  if (body === undefined) return []
  return queries.flatMap((query) => {
    const { singular, nodes } = queryJson(body, query)
    const value = singular ? nodes[0] : nodes
    return value === undefined ? [] : [[query, jsonText(value)] as const]
  })
}

function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`
}
