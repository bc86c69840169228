import type { ExchangeRecord, ShownBody } from '../model/event.ts'
import type { HeaderList } from '../model/exchange.ts'
import { httpMethods } from '../model/exchange.ts'
import { cloudSentences } from '../model/phrase.ts'
import { isSecretName } from '../util/secret-names.ts'
import { maskProblem } from './problem-rules.ts'
import type { Rule, Rules } from './rules.ts'
import { each, hidden, members, own, text, textBut } from './rules.ts'

/** Names of headers that the program itself reads or sends; any other may be a word of the server's. */
const headerNames = new Set(
  'accept content-encoding content-length content-type date etag host location retry-after user-agent x-trans-id x-openstack-request-id'.split(
    ' ',
  ),
)

const headers: Rule<HeaderList> = each(([name, value], mask) =>
  isSecretName(name)
    ? ([name, hidden] as const)
    : ([headerNames.has(name.toLowerCase()) ? name : mask(name), mask(value)] as const),
)

const body: Rule<ShownBody> = members({
  size: own,
  text,
  truncated: own,
  md5: own,
  sha256: own,
  file: text,
})

const ownHeaders: Rule<HeaderList> = each(([name, value]) =>
  isSecretName(name) ? ([name, hidden] as const) : ([name, value] as const),
)

const exchangeRules: Rules<ExchangeRecord> = {
  method: textBut(httpMethods),
  url: text,
  ownPath: own,
  requestHeaders: headers,
  requestBody: body,
  status: own,
  reason: text,
  responseHeaders: headers,
  responseBody: body,
  requestId: text,
  cloudMessage: textBut(cloudSentences),
  duration: own,
  problem: maskProblem,
}

const exchangeOfOthers: Rule<ExchangeRecord> = members(exchangeRules)

/** The rule of a request and its answer. In a request of osrun's own the secrets of the body are hidden by their places. */
export const exchange: Rule<ExchangeRecord> = (value, mask) => {
  const { ownPath, url } = value
  if (ownPath === undefined) return exchangeOfOthers(value, mask)
  const start = url.endsWith(ownPath) ? url.slice(0, url.length - ownPath.length) : url
  const ownUrl: Rule<string> = () => `${mask(start)}${url.slice(start.length)}`
  const rules = { ...exchangeRules, url: ownUrl, requestHeaders: ownHeaders, requestBody: own }
  return members<ExchangeRecord>(rules)(value, mask)
}
