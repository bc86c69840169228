import { STATUS_CODES } from 'node:http'
import type { ShownBody } from '../../model/event.ts'
import type { HeaderList } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import type { Problem } from '../../model/problem.ts'
import type { Reporter } from '../../model/reporter.ts'
import { runFailures, suiteFailures } from '../failures.ts'
import type { ExchangeEntry, StepRecord } from '../run-records.ts'
import { collectSuite } from '../run-records.ts'

/** An HTTP archive, as browsers' developer tools read it. http://www.softwareishard.com/blog/har-12-spec/ */
export const harReporter: Reporter = async (events, output) => {
  const suite = await collectSuite(events)
  const { runs, steps } = suite
  const pages = runs.map((run) => {
    const { ofSteps, others } = runFailures(run)
    return {
      startedDateTime: run.time,
      id: run.runId,
      title: `${run.recipe} (${run.file})`,
      pageTimings: {},
      ...commentOn([...ofSteps.values(), ...others]),
    }
  })
  const ofRuns = runs.flatMap((run) => run.steps.flatMap((step) => harEntries(step, { pageref: run.runId })))
  // What the suite itself sent is of no page.
  const entries = [...ofRuns, ...steps.flatMap((step) => harEntries(step, {}))]
  const log = {
    version: '1.2',
    creator: { name: 'osrun', version: '1' },
    pages,
    entries,
    ...commentOn(suiteFailures(suite)),
  }
  output.write(`${JSON.stringify({ log }, undefined, 2)}\n`)
}

function harEntries({ id, title, exchanges }: StepRecord, page: { readonly pageref?: string }) {
  return exchanges.map((entry) => ({ ...page, ...harEntry(entry), comment: `${id}: ${title}` }))
}

function harEntry({ exchange, time, curl }: ExchangeEntry) {
  const {
    method,
    url,
    requestHeaders,
    requestBody,
    status = 0,
    responseHeaders = [],
    responseBody,
  } = exchange
  const mimeType = headerOf(responseHeaders, 'Content-Type') ?? 'x-unknown'
  return {
    startedDateTime: time,
    time: exchange.duration,
    request: {
      method,
      url,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: pairs(requestHeaders),
      queryString: queryOf(url),
      ...(requestBody && {
        postData: {
          mimeType: headerOf(requestHeaders, 'Content-Type') ?? 'x-unknown',
          text: requestBody.text ?? '',
          ...commentOf(requestBody),
        },
      }),
      headersSize: -1,
      bodySize: requestBody?.size ?? 0,
      comment: curl,
    },
    response: {
      status,
      statusText: STATUS_CODES[status] ?? '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: pairs(responseHeaders),
      content: {
        size: responseBody?.size ?? 0,
        mimeType,
        ...(responseBody?.text !== undefined && { text: responseBody.text }),
        ...(responseBody && commentOf(responseBody)),
      },
      redirectURL: headerOf(responseHeaders, 'Location') ?? '',
      headersSize: -1,
      bodySize: responseBody?.size ?? 0,
      ...(exchange.problem && { comment: `${exchange.problem.code}: ${exchange.problem.message}` }),
    },
    cache: {},
    // Only the whole is measured.
    timings: { send: 0, wait: exchange.duration, receive: 0 },
  }
}

// An archive has no other place for what is no exchange.
function commentOn(problems: readonly Problem[]): { readonly comment?: string } {
  if (problems.length === 0) return {}
  return { comment: problems.map(({ code, message }) => `${code}: ${message}`).join('\n') }
}

function commentOf(body: ShownBody): { readonly comment?: string } {
  if (body.file !== undefined) return { comment: `the file ${body.file}` }
  return body.truncated === true ? { comment: 'only its beginning' } : {}
}

function pairs(headers: HeaderList): readonly { readonly name: string; readonly value: string }[] {
  return headers.map(([name, value]) => ({ name, value }))
}

function queryOf(url: string): readonly { readonly name: string; readonly value: string }[] {
  const [, query = ''] = /\?([^#]*)/.exec(url) ?? []
  return [...new URLSearchParams(query)].map(([name, value]) => ({ name, value }))
}
