import type {
  Change,
  CurlGloss,
  Mismatch,
  RecipeNotBegun,
  RunEvent,
  RunResult,
  Safe,
  ShownToken,
  StepResult,
  SuiteResult,
} from '../model/event.ts'
import { notBegunReasons, skipReasons } from '../model/event.ts'
import type { Json } from '../model/recipe.ts'
import { exchange } from './exchange-rules.ts'
import { maskProblem, position, sourcedProblem } from './problem-rules.ts'
import { copyOf, data, each, type Mask, members, named, own, type Rule, text, textBut } from './rules.ts'

const reason = textBut(Object.values(skipReasons))

const notBegun: Rule<RecipeNotBegun> = members({
  recipe: text,
  file: own,
  reason: textBut(Object.values(notBegunReasons)),
})

const mismatch: Rule<Mismatch> = members({ subject: text, expected: text, found: text, at: position })

const change: Rule<Change> = members({ subject: text, found: text })

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
