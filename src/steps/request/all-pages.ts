import { createHash } from 'node:crypto'
import type { HeaderList, HttpRequest, HttpResponse } from '../../model/exchange.ts'
import { mostKept } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { DataPath } from '../../model/recipe.ts'
import type { SendDetails, StepContext } from '../../model/step.ts'
import { listPaths, nextPageUrl, withWholeList } from '../../openstack/next-page.ts'
import { parseDataPath, valueAt } from '../../util/data-path.ts'
import { jsonText, readJson } from '../../util/parse-json.ts'
import { isMapping } from '../input.ts'

/** More pages than this are taken for a list without an end. */
const mostPages = 1000
/** Bytes of all pages together. */
const mostBytes = 64 * 1024 * 1024

/** Whether a request wants all pages of a list. */
export function wantsAllPages(input: unknown): boolean {
  const wanted = isMapping(input) ? input['all-pages'] : undefined
  return wanted !== undefined && wanted !== false
}

/** Reports an `all-pages` that has no list to go through. */
export function checkAllPages(
  input: { readonly [key: string]: unknown },
  method: string,
  report: (path: DataPath, message: string, hint?: string) => void,
): void {
  const wanted = input['all-pages']
  if (!wantsAllPages(input)) return
  if (method !== 'GET') report(['all-pages'], `A ${method} has no pages.`, 'Use GET, or leave all-pages out.')
  if (input['save-to'] !== undefined)
    report(
      ['all-pages'],
      'Pages are put together in memory, not in a file.',
      'Leave save-to or all-pages out.',
    )
  if (typeof wanted === 'string' && parseDataPath(wanted) === undefined)
    report(['all-pages'], `"${wanted}" is no path.`, 'Write keys with dots between them, such as servers.')
}

/** What going through the pages needs of the request. */
export type Paging = {
  /** The request of the first page, and its answer, which is below 300. */
  readonly request: HttpRequest
  readonly first: HttpResponse
  /** `true`, or the path of the list in the body. */
  readonly wanted: unknown
  readonly details: SendDetails
  /** The headers that showed who asks for the first page. */
  readonly credentials: HeaderList
}

/**
 * Asks for all pages after the first, one after the other, and makes the answer that has the whole list: the first one
 * with the items of all `pages`, and their duration together. Ends the step as failed when the list cannot be found or has no end.
 */
export async function gatherPages(paging: Paging, context: StepContext): Promise<void> {
  const { request, first } = paging
  if (first.size === 0) return
  const document = documentOf(first, 1, context)
  const path = pathOf(document, paging.wanted, context)
  const items = [...itemsAt(document, path, 1, context)]
  const asked = new Set([request.url])
  let bytes = first.size
  let { duration } = first
  let page = { url: request.url, headers: first.headers, document, path }
  for (;;) {
    const url = nextPageUrl(page)
    if (url === undefined) break
    const number = asked.size + 1
    if (asked.has(url))
      refuse(context, 'another page', `page ${number - 1} leads to one that was asked for before, ${url}`)
    if (number > mostPages)
      refuse(
        context,
        `at most ${mostPages} pages`,
        'more',
        'Ask for larger pages with "limit", or for fewer things.',
      )
    asked.add(url)
    const headers = withToken(request.headers, paging.credentials, context.credentialHeaders())
    const response = await context.send({ ...request, url, headers }, paging.details)
    judgePage(response, number, context)
    if (response.size === 0) break
    bytes += response.size
    duration += response.duration
    if (bytes > mostBytes)
      refuse(context, `at most ${mostBytes} bytes`, 'more', 'Ask for fewer things, such as by a filter.')
    page = { url, headers: response.headers, document: documentOf(response, number, context), path }
    for (const item of itemsAt(page.document, path, number, context)) items.push(item)
  }
  const text = jsonText(withWholeList(document, path, items))
  context.answer(wholeAnswer({ ...first, duration }, text, asked.size))
}

function documentOf({ body }: HttpResponse, number: number, context: StepContext): unknown {
  if (body === undefined)
    return refuse(
      context,
      `a page of at most ${mostKept / 1024 / 1024} MiB`,
      `page ${number} is longer`,
      'Ask for smaller ones with "limit".',
    )
  try {
    return readJson(new TextDecoder().decode(body))
  } catch {
    return refuse(
      context,
      'JSON',
      `page ${number} is something else`,
      'Leave the header Accept out, or ask for JSON.',
    )
  }
}

function pathOf(document: unknown, wanted: unknown, context: StepContext): DataPath {
  if (typeof wanted === 'string') return parseDataPath(wanted) ?? [wanted]
  const paths = listPaths(document)
  const [only] = paths
  if (only !== undefined && paths.length === 1) return only
  const found =
    paths.length === 0 ? 'none' : `${paths.length}: ${paths.map((path) => path.join('.')).join(', ')}`
  return refuse(context, 'one list in the body', found, 'Name it: all-pages: servers.')
}

function itemsAt(
  document: unknown,
  path: DataPath,
  number: number,
  context: StepContext,
): readonly unknown[] {
  const items = valueAt(document, path)
  if (Array.isArray(items)) return items
  return refuse(context, `a list at ${path.join('.') || 'the top'}`, `none in page ${number}`)
}

function judgePage({ status }: HttpResponse, number: number, context: StepContext): void {
  if (status >= 200 && status < 300) return
  const at = context.locate(['all-pages'])
  context.fail(
    [{ subject: `status of page ${number}`, expected: 'from 200 to 299', found: String(status), at }],
    'STATUS_UNEXPECTED',
  )
}

function refuse(context: StepContext, expected: string, found: string, hint?: string): never {
  const at = context.locate(['all-pages'])
  context.fail([{ subject: 'all-pages', expected, found, at }], 'PAGES_INVALID', hint)
  throw new OsrunError('PAGES_INVALID', phrase`all-pages: expected ${expected}, found ${found}.`, {
    at,
    hint,
  })
}

// The token may have been renewed since the first page.
function withToken(headers: HeaderList, before: HeaderList, now: HeaderList): HeaderList {
  return headers.map(([name, value]) => {
    const index = before.findIndex((one) => one[0] === name && one[1] === value)
    return [name, (index < 0 ? undefined : now[index]?.[1]) ?? value] as const
  })
}

function wholeAnswer(first: HttpResponse, text: string, pages: number): HttpResponse {
  const body = Buffer.from(text)
  const { status, reason, headers, duration } = first
  return {
    status,
    ...(reason !== undefined && { reason }),
    headers,
    duration,
    body,
    pages,
    size: body.length,
    get md5() {
      return createHash('md5').update(body).digest('hex')
    },
    get sha256() {
      return createHash('sha256').update(body).digest('hex')
    },
  }
}
