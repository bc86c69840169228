import type {
  Change,
  CurlGloss,
  ExchangeRecord,
  Mismatch,
  RecipeNotBegun,
  RunEvent,
  RunResult,
  Safe,
  ShownBody,
  ShownToken,
  StepResult,
  SuiteResult,
} from '../model/event.ts'
import { notBegunReasons, skipReasons } from '../model/event.ts'
import { type HeaderList, httpMethods } from '../model/exchange.ts'
import { cloudSentences, mapOthers } from '../model/phrase.ts'
import { type Position, type Problem, phrases, type SourcedProblem } from '../model/problem.ts'
import type { Json } from '../model/recipe.ts'
import { isSecretName } from '../util/secret-names.ts'
import { shortened } from '../util/text/shortened.ts'
import {
  copyOf,
  data,
  each,
  hidden,
  type Mask,
  members,
  named,
  own,
  type Rule,
  type Rules,
  text,
  textBut,
} from './rules.ts'

/** Names of headers that the program itself reads or sends; any other may be a word of the server's. */
const headerNames = new Set(
  'accept content-encoding content-length content-type date etag host location retry-after user-agent x-trans-id x-openstack-request-id'.split(
    ' ',
  ),
)

const reason = textBut(Object.values(skipReasons))

// The key that a line begins with is a word of the language, such as authenticate.
const source: Rule<string> = (line, mask) => {
  const [key = ''] = /^ *(?:- )*[a-z-]+:(?= |$)/.exec(line) ?? []
  return key + mask(line.slice(key.length))
}

const position: Rule<Position> = members({ file: own, line: own, column: own, length: own, source })

// In a phrase what is not osrun's own is masked.
function problemRules(value: Problem): Rules<Problem> {
  const said: Rule<string> = (words, hide) => {
    const whole = value[phrases]?.find((phrase) => phrase.text === words)
    return whole === undefined ? hide(words) : mapOthers(whole, (others) => quoted(hide(others)))
  }
  return { code: own, message: said, at: position, hint: said, causes: each(text), [phrases]: own }
}

// What a cloud says may be a page.
function quoted(others: string): string {
  return others.length > 500 || /[\n\t]/.test(others) ? shortened(others) : others
}

/** Masks a problem as events have it. */
export const maskProblem: Rule<Problem> = (value, mask) => members<Problem>(problemRules(value))(value, mask)

const sourcedProblem: Rule<SourcedProblem> = (value, mask) =>
  members<SourcedProblem>({ ...problemRules(value), from: own, step: own })(value, mask)

const notBegun: Rule<RecipeNotBegun> = members({
  recipe: text,
  file: own,
  reason: textBut(Object.values(notBegunReasons)),
})

const mismatch: Rule<Mismatch> = members({ subject: text, expected: text, found: text, at: position })

const change: Rule<Change> = members({ subject: text, found: text })

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

// The secrets in the body of such a request are hidden by their places.
const exchange: Rule<ExchangeRecord> = (value, mask) => {
  const { ownPath, url } = value
  if (ownPath === undefined) return exchangeOfOthers(value, mask)
  const start = url.endsWith(ownPath) ? url.slice(0, url.length - ownPath.length) : url
  const ownUrl: Rule<string> = () => `${mask(start)}${url.slice(start.length)}`
  const rules = { ...exchangeRules, url: ownUrl, requestHeaders: ownHeaders, requestBody: own }
  return members<ExchangeRecord>(rules)(value, mask)
}

const gloss: Rule<CurlGloss> = own

const stepResult: Rule<StepResult> = members({
  status: own,
  problem: maskProblem,
  mismatches: each(mismatch),
  reason,
})

const runResult: Rule<RunResult> = members({
  recipe: text,
  file: own,
  runId: own,
  status: own,
  exit: own,
  steps: own,
  skipped: reason,
  tokens: own,
  requests: own,
  outputs: named<Json>(data),
  duration: own,
  problem: sourcedProblem,
  leftovers: each(sourcedProblem),
})

const suiteResult: Rule<SuiteResult> = members({
  results: each(runResult),
  notBegun: each(notBegun),
  problem: sourcedProblem,
  tokens: own,
  duration: own,
  leftovers: each(sourcedProblem),
  exit: own,
})

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>

// Lines for a shell are made without any secret.
const context = { type: own, step: own, name: own, paste: own } as const

const shownToken: Rule<ShownToken> = members({
  expires_at: (value, mask) => (value === null ? value : mask(value)),
  scope: text,
  services: own,
})

type Context = EventOf<'context'>
const contextOfToken: Rule<Extract<Context, { readonly isToken: true }>> = copyOf({
  ...context,
  value: shownToken,
  isToken: own,
})
const contextOfOthers: Rule<Exclude<Context, { readonly isToken: true }>> = copyOf({
  ...context,
  value: data,
})

// The title of a step that has no other is its verb.
function titled<Event extends { readonly title: string; readonly verb: string }>(
  rulesWith: (title: Rule<string>) => Rule<Event>,
): Rule<Event> {
  const [named, unnamed] = [rulesWith(text), rulesWith(own)]
  return (event, mask) => (event.title === event.verb ? unnamed : named)(event, mask)
}

const stepStart = (title: Rule<string>): Rule<EventOf<'step:start'>> =>
  copyOf({ type: own, step: own, verb: own, title, note: text, phase: own, at: position, time: own })

const stepEnd = (title: Rule<string>): Rule<EventOf<'step:end'>> =>
  copyOf({
    type: own,
    step: own,
    verb: own,
    title,
    phase: own,
    result: stepResult,
    allowedFailure: own,
    duration: own,
    summary: text,
  })

// Which members of each event are osrun's own, and which are texts and data of others.
const eventRules: { readonly [Type in RunEvent['type']]: Rule<EventOf<Type>> } = {
  'run:start': copyOf({
    type: own,
    recipe: text,
    file: own,
    runId: own,
    description: text,
    tags: each(text),
    cloud: text,
    region: text,
    interface: text,
    steps: own,
    time: own,
  }),
  'step:start': titled(stepStart),
  exchange: copyOf({
    type: own,
    step: own,
    exchange,
    time: own,
    // Made without any secret.
    curl: own,
    paste: own,
    revealedCurl: own,
    glosses: each(gloss),
  }),
  output: copyOf({ type: own, name: own, value: data }),
  context: (event, mask) => ('isToken' in event ? contextOfToken(event, mask) : contextOfOthers(event, mask)),
  notice: copyOf({ type: own, step: own, level: own, message: text }),
  question: copyOf({ type: own, step: own, text }),
  poll: copyOf({ type: own, step: own, attempt: own, after: own, changes: each(change) }),
  'step:end': titled(stepEnd),
  'run:end': copyOf({ type: own, result: runResult, time: own }),
  'suite:end': copyOf({ type: own, result: suiteResult, time: own }),
  problem: copyOf({ type: own, problem: sourcedProblem }),
}

/** The event of a run, with what is text and data of others masked, and osrun's own as it is; frozen and branded. */
export function maskEvent<Event extends RunEvent>(event: Event, run: string, mask: Mask): Safe<Event> {
  const rule = eventRules[event.type] as unknown as Rule<Event>
  return Object.freeze(Object.assign(rule(event, mask), { run })) as Safe<Event>
}
