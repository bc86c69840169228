import { createCurlTransport } from '../../src/library/curl.ts'
import type { ExchangeRecord, RunOptions } from '../../src/library/index.ts'
import { createTransport, loadRecipe } from '../../src/library/index.ts'
import type { Cloud } from '../../src/model/cloud.ts'
import { runToEnd } from './on-sandbox.ts'

/** What a run told, without what differs between any two runs: times, ids, tokens, dates. */
type Told = readonly string[]

/** Runs a shipped recipe by undici and by curl, and gives what each told. */
export async function runBothWays(
  file: string,
  cloud: Cloud,
  environment: NonNullable<RunOptions['environment']>,
): Promise<readonly [byUndici: Told, byCurl: Told]> {
  const tell = async (make: typeof createCurlTransport): Promise<Told> => {
    const transport = make({ tls: cloud.tls, environment: { PATH: process.env.PATH } })
    const options = { cloud, environment, transport }
    const { events, result } = await runToEnd(await loadRecipe(`recipes/${file}`), options)
    await transport.close()
    if (result.problem !== undefined) throw new Error(`${file}: ${result.problem.message}`)
    return events.map((event) => normal(JSON.stringify(event, comparable, 1), result.runId))
  }
  return [await tell(createTransport), await tell(createCurlTransport)]
}

function comparable(key: string, value: unknown): unknown {
  // A curl has a connection of its own, undici keeps them; the server says so.
  if (Array.isArray(value))
    return value.filter((one) => !Array.isArray(one) || !/^(connection|keep-alive)$/i.test(String(one[0])))
  return key === 'exchange' ? withOneSpelling(value as ExchangeRecord) : value
}

// Keystone's workers spell one and the same error in two ways: with other blanks, other headers first, and NOT FOUND.
function withOneSpelling(exchange: ExchangeRecord): unknown {
  const { responseBody, responseHeaders = [] } = exchange
  const end = endOfToken(responseBody?.text)
  if (end !== undefined) return withoutEnd(exchange, end.length)
  if (responseBody?.text?.startsWith('{"error"') !== true) return exchange
  const { error } = JSON.parse(responseBody.text) as { readonly error: Readonly<Record<string, unknown>> }
  const headers = responseHeaders.filter(([name]) => !/^content-length$/i.test(name))
  return {
    ...exchange,
    reason: exchange.reason?.toLowerCase(),
    responseHeaders: headers.toSorted(([a], [b]) => a.localeCompare(b)),
    responseBody: Object.entries(error).toSorted(([a], [b]) => a.localeCompare(b)),
  }
}

// Keystone writes the end of a token shorter where that is the end of its application credential: all else is as long.
function endOfToken(text = ''): string | undefined {
  return text.includes('"application_credential": {') ? /"expires_at": "([^"]*)"/.exec(text)?.[1] : undefined
}

function withoutEnd(exchange: ExchangeRecord, length: number): unknown {
  const { responseBody, responseHeaders = [] } = exchange
  return {
    ...exchange,
    responseHeaders: responseHeaders.map(([name, value]) =>
      /^content-length$/i.test(name) ? [name, String(Number(value) - length)] : [name, value],
    ),
    responseBody: { ...responseBody, size: Number(responseBody?.size) - length },
  }
}

function normal(text: string, runId: string): string {
  return (
    text
      .replaceAll(runId, 'RUN')
      .replace(/"(duration|time|after)": [^,\n]+/g, '"$1": TIME')
      .replace(
        /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?|\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT|\d{10}\.\d{5}/g,
        'TIME',
      )
      .replace(/\b(req-[\da-f-]{36}|tx[\da-f]{21}-[\da-f]{10}\w*)/g, 'REQUEST')
      // What an account holds, which others may change meanwhile.
      .replace(/("X-Account-[\w-]*(?:Count|Bytes-Used)",\s+)"\d+"/gi, '$1"COUNT"')
      // Ids and hashes that are made for one run: audit ids, application credentials, tokens' bodies.
      .replace(/\b[\da-f]{32,64}\b|\b[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b|audit_ids[^\]]*/g, 'ID')
  )
}
