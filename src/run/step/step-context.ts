import type { ErrorCode } from '../../model/error-codes.ts'
import type { Mismatch } from '../../model/event.ts'
import type { HttpResponse } from '../../model/exchange.ts'
import { ownPhrase } from '../../model/phrase.ts'
import type { Json, RecipeStep } from '../../model/recipe.ts'
import type { StepContext } from '../../model/step.ts'
import { tempUrl } from '../../openstack/temp-url.ts'
import { ownText } from '../../recipe/template/render-template.ts'
import { sentReads } from '../../recipe/template/sent-reads.ts'
import { hidden } from '../../secrets/rules.ts'
import { withoutEndSlashes } from '../../util/text/text-end.ts'
import { scriptRunner } from '../script/step-script.ts'
import { refuseStray, strayed } from '../send/secret-homes.ts'
import { endpointLine, signedLine } from './paste-lines.ts'
import type { RunParts } from './run-parts.ts'
import { createStepRequests } from './step-requests.ts'
import { createStepValues } from './step-values.ts'

/** Thrown by `fail` to end a step; the loop turns it into a result, so it never leaves the run. */
export class StepFailed extends Error {
  readonly mismatches: readonly Mismatch[]
  readonly code: ErrorCode
  readonly hint: string | undefined
  /** What the problem's sentence ends with. */
  readonly detail: string
  constructor(mismatches: readonly Mismatch[], code: ErrorCode, hint: string | undefined, detail = '') {
    super(code)
    this.mismatches = mismatches
    this.code = code
    this.hint = hint
    this.detail = detail
  }
}

/** The context of one step. Its last answer is also what `steps.<id>.response` is, see `onResponse`. */
export function createStepContext(
  parts: RunParts,
  step: RecipeStep,
  signal: AbortSignal,
  onResponse: (response: HttpResponse) => void,
): StepContext {
  const { masker } = parts
  const notice = (message: string, level: 'info' | 'warning' = 'info'): void =>
    parts.emit({ type: 'notice', step: step.id, level, message })
  const show = (name: string, value: Json, paste?: string): void =>
    parts.emit({ type: 'context', step: step.id, name, value, ...(paste !== undefined && { paste }) })
  const values = createStepValues(parts, step)
  const requests = createStepRequests(parts, { step, signal, notice, onResponse })
  const { tokens, errand } = requests
  // One by one: V8 gives an object that spreads two others, with so much after them, a hash table of its own.
  const context: StepContext = {
    lookup: values.lookup,
    locate: values.locate,
    render: values.render,
    renderFilled: values.renderFilled,
    renderText: values.renderText,
    renderUrl: values.renderUrl,
    renderPath: values.renderPath,
    send: requests.send,
    askOnce: requests.askOnce,
    answer: requests.answer,
    signal,
    cloud: parts.cloud,
    now: parts.now,
    runScript: scriptRunner(parts, step, signal, { notice, show }),
    wait: (milliseconds) => parts.wait(milliseconds, signal),
    async ask(question) {
      if (parts.ask === undefined) return false
      parts.emit({ type: 'question', step: step.id, text: question })
      await parts.ask(signal)
      return true
    },
    notice,
    set(name, value, origin) {
      parts.values.set(name, value)
      const { jq, grant } = { jq: undefined, grant: undefined, ...origin }
      if (isNamed(value)) show(name, value[ownText], endpointLine(parts, { name, value: value[ownText], jq }))
      const signing = grant && signedLine(parts, name, grant)
      if (signing !== undefined) show(name, hidden, signing)
    },
    signUrl: tempUrl,
    learnSecret: (value, variable) => masker.learn(value, variable?.replaceAll('-', '_')),
    nameUrl(url, variable) {
      const name = { value: withoutEndSlashes(url), variable: variable.replaceAll('-', '_'), secret: false }
      const index = parts.urlNames.findIndex((known) => known.variable === name.variable)
      parts.urlNames.splice(index < 0 ? parts.urlNames.length : index, index < 0 ? 0 : 1, name)
    },
    fail(mismatches, code = 'EXPECTATION_FAILED', hint) {
      if (mismatches.length > 0) throw new StepFailed(mismatches, code, hint)
    },
    authenticate: tokens.authenticate,
    revoke: tokens.revoke,
    credentialHeaders: tokens.credentialHeaders,
    mayReceiveToken: tokens.mayReceiveToken,
    mayReceiveCredentials: parts.homes.mayReceive,
    permitOrigin(url, what, path) {
      if (!parts.homes.isAllowed(url)) throw strayed(ownPhrase(what), url, step.locate(path))
    },
    permitReads: (url, value) =>
      refuseStray(parts.homes, url, sentReads(value, values.lookup), values.locate),
  }
  errand.context = context
  return context
}

function isNamed(value: unknown): value is { readonly [ownText]: string } {
  return typeof value === 'object' && value !== null && ownText in value
}
