import { STATUS_CODES } from 'node:http'
import type { ExchangeRecord, ShownBody } from '../../model/event.ts'
import type { HeaderList } from '../../model/exchange.ts'
import { prettyJson } from '../../util/pretty-json.ts'
import { requestTarget } from '../../util/request-target.ts'
import { visibleLines } from '../../util/text/visible.ts'
import type { ExchangeEntry } from '../run-records.ts'
import { html, lines, type Markup } from './markup.ts'
import { count, durationText } from './verdict.ts'

/** The longest body that the page shows, in characters. */
const longestBody = 16_384

/** An exchange: what was asked and answered in one line, its curl line, and both messages to be opened. */
export function exchangeMarkup(
  { exchange, curl }: ExchangeEntry,
  isOpen: boolean,
  isFailed: boolean,
): Markup {
  const { method, url, duration, requestId, cloudMessage, problem } = exchange
  return html`
    <details class="exchange"${attribute(isOpen, 'open')}>
      <summary>
        <b>${method}</b> <span class="url">${url}</span> ${answerMarkup(exchange)}
        <span class="time">${durationText(duration)}</span>
      </summary>
      ${curlMarkup(curl)}
      ${requestId === undefined ? undefined : html`<p class="fact">request id <code>${requestId}</code></p>`}
      ${cloudMessage === undefined ? undefined : html`<p class="fact">the cloud says: ${cloudMessage}</p>`}
      ${problem === undefined ? undefined : html`<p class="fact"><code>${problem.code}</code> ${problem.message}</p>`}
      ${requestMarkup(exchange)}
      ${responseMarkup(exchange, isFailed)}
    </details>`
}

/** The status of an answer with its words; nothing where none came. */
export function answerMarkup({ status, reason }: Pick<ExchangeRecord, 'status' | 'reason'>): Markup {
  if (status === undefined) return html`<span class="answer none">no answer</span>`
  const words = reason ?? STATUS_CODES[status] ?? ''
  return html`<span class="answer of${Math.floor(status / 100)}">${`${status} ${words}`.trimEnd()}</span>`
}

/** A curl line and its copy button. What cannot be shown as it is stands in an attribute, as JSON. */
export function curlMarkup(curl: string): Markup {
  const exact =
    visibleLines(curl).join('\n') === curl ? undefined : html` data-exact="${JSON.stringify(curl)}"`
  return html`<div class="curl"><pre><code>${lines(curl)}</code></pre><button type="button" class="copy"${exact}>Copy</button></div>`
}

function requestMarkup({ method, url, requestHeaders, requestBody }: ExchangeRecord): Markup {
  return messageMarkup(`${method} ${requestTarget(url)}`, requestHeaders, requestBody, ['Request', false])
}

function responseMarkup(
  { status, reason, responseHeaders, responseBody }: ExchangeRecord,
  isOpen: boolean,
): Markup {
  if (status === undefined) return html``
  const first = `${status} ${reason ?? STATUS_CODES[status] ?? ''}`.trimEnd()
  return messageMarkup(first, responseHeaders ?? [], responseBody, ['Response', isOpen])
}

function messageMarkup(
  first: string,
  headers: HeaderList,
  body: ShownBody | undefined,
  [name, isOpen]: readonly [string, boolean],
): Markup {
  const size = body === undefined || body.size === 0 ? '' : `, ${count(body.size, 'byte')}`
  const head = [first, ...headers.map(([key, value]) => `${key}: ${value}`)].map(
    (line) => html`${line}`.markup,
  )
  return html`
    <details class="message"${attribute(isOpen, 'open')}>
      <summary>${name} <span class="time">${count(headers.length, 'header')}${size}</span></summary>
      <pre class="head">${{ markup: head.join('\n') }}</pre>
      ${bodyMarkup(body)}
    </details>`
}

function bodyMarkup(body: ShownBody | undefined): Markup {
  if (body === undefined || (body.size === 0 && body.file === undefined)) return html``
  const { text, size, file, md5, sha256 } = body
  if (text === undefined) {
    const facts = [file, count(size, 'byte'), md5 && `md5 ${md5}`, sha256 && `sha256 ${sha256}`]
    return html`<p class="fact">${facts.filter((fact) => fact !== undefined && fact !== '').join(', ')}</p>`
  }
  const shown = prettyJson(text)
  const isCut = body.truncated === true || shown.length > longestBody
  return html`
    <pre class="body" tabindex="0">${lines(shown.slice(0, longestBody))}</pre>
    ${isCut ? html`<p class="fact">Only the beginning of ${count(size, 'byte')} is shown.</p>` : undefined}`
}

/** An attribute that is there or not. */
export function attribute(isThere: boolean, name: 'open' | 'hidden'): Markup {
  return { markup: isThere ? ` ${name}` : '' }
}
