import type { ErrorCode } from '../../model/error-codes.ts'
import type { Mismatch } from '../../model/event.ts'
import type { HttpRequest, HttpResponse } from '../../model/exchange.ts'
import { ownPhrase } from '../../model/phrase.ts'
import type { DataPath, Json, RecipeStep } from '../../model/recipe.ts'
import type { SendDetails, StepContext } from '../../model/step.ts'
import { tempUrl } from '../../openstack/temp-url.ts'
import { filePathOf } from '../../recipe/template/file-path.ts'
import {
  ownText,
  ownValue,
  percentEncode,
  renderFilled,
  renderJson,
  renderTemplate,
} from '../../recipe/template/render-template.ts'
import { sentReads } from '../../recipe/template/sent-reads.ts'
import { parseTemplate, type TemplateRead } from '../../recipe/template/template.ts'
import { parseDataPath } from '../../util/data-path.ts'
import { writeJson } from '../../util/parse-json.ts'
import { withoutEndSlashes } from '../../util/text/text-end.ts'
import { scriptRunner } from '../script/step-script.ts'
import { answerVariable, type Errand } from '../send/link.ts'
import { refuseStray, strayed } from '../send/secret-homes.ts'
import { createStepTokens } from '../tokens/step-tokens.ts'
import { permitFile } from './file-permission.ts'
import { endpointLine } from './paste-lines.ts'
import { toResponseValue } from './response-value.ts'
import type { RunParts } from './run-parts.ts'

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
  const { values, masker } = parts
  const render = (value: Json, path: DataPath = []): unknown =>
    ownValue(renderJson(value, values.lookup, step.locate, path))
  const renderText = (value: Json, path: DataPath = []): string => {
    const at = step.locate(path)
    return typeof value === 'string'
      ? String(renderTemplate(parseTemplate(value, at), values.lookup, 'text', at))
      : toText(value)
  }
  const notice = (message: string, level: 'info' | 'warning' = 'info'): void =>
    parts.emit({ type: 'notice', step: step.id, level, message })
  const show = (name: string, value: Json, paste?: string): void =>
    parts.emit({ type: 'context', step: step.id, name, value, ...(paste !== undefined && { paste }) })
  const isRead = step.captures.some(({ name }) => parts.read.has(name))
  const { retry: policy } = step
  const errand: Errand & { context?: StepContext } = {
    id: step.id,
    step,
    retrying: policy && { ...parts, policy, signal, deadline: deadlineOf(parts, step) },
    notice,
    renew: (kept) => tokens.issue(kept),
  }
  const keep = (response: HttpResponse): HttpResponse => {
    values.set('response', toResponseValue(response, parts.now()))
    onResponse(response)
    return response
  }
  const tokens = createStepTokens({ parts, step, signal, errand, keep, notice })
  const send = (request: HttpRequest, details: SendDetails): Promise<HttpResponse> =>
    parts.send(request, {
      ...(step.timeout !== undefined && { timeout: step.timeout }),
      ...details,
      ...(isRead && { keepAs: answerVariable }),
      signal,
      errand,
    })
  const context: StepContext = {
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
    lookup: (path) => values.lookup(parseDataPath(path) ?? [path]),
    notice,
    render,
    renderFilled: (value, path = []) => ownValue(renderFilled(value, values.lookup, step.locate, path)),
    renderText,
    renderUrl(text, path = []) {
      const at = step.locate(path)
      return String(renderTemplate(parseTemplate(text, at), values.lookup, 'url', at)).replace(
        notInUrls,
        (part) => percentEncode(part, true),
      )
    },
    renderPath(value, path, use) {
      const at = step.locate(path)
      const text = renderText(value, path)
      const named = (read: TemplateRead): string | undefined => {
        const start = renderTemplate({ parts: [read] }, values.lookup, 'text', at)
        return typeof start === 'string' && parts.files.starts.has(start) ? start : undefined
      }
      const setting = { directory: parts.directory, at, named }
      const found = filePathOf(parseTemplate(String(value), at), text, setting)
      permitFile(found, parts.files, { use, at })
      return found.path
    },
    locate: (path) => step.locate(path),
    set(name, value, jq) {
      values.set(name, value)
      if (isNamed(value)) show(name, value[ownText], endpointLine(parts, { name, value: value[ownText], jq }))
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
    send: async (request, details = {}) => keep(await send(request, details)),
    async askOnce(request) {
      const { method, url, headers } = request
      const key = [method, url, ...headers.map(([name]) => name)].join('\n')
      const known = parts.asked.get(key)
      if (known !== undefined) return known
      const response = await send(request, { redirect: true })
      if (response.status < 500) parts.asked.set(key, response)
      return response
    },
    answer: keep,
    authenticate: tokens.authenticate,
    revoke: tokens.revoke,
    credentialHeaders: tokens.credentialHeaders,
    mayReceiveToken: tokens.mayReceiveToken,
    mayReceiveCredentials: parts.homes.mayReceive,
    permitOrigin(url, what, path) {
      if (!parts.homes.isAllowed(url)) throw strayed(ownPhrase(what), url, step.locate(path))
    },
    permitReads: (url, value) =>
      refuseStray(parts.homes, url, sentReads(value, context.lookup), context.locate),
  }
  errand.context = context
  return context
}

function deadlineOf({ now, deadline }: RunParts, { timeout }: RecipeStep): number {
  return timeout === undefined ? deadline : Math.min(deadline, now() + timeout)
}

// What a recipe may write in a URL and a request line cannot hold: `PUT ${endpoint}/photos/a b.jpg`.
const notInUrls = /[\s"<>\\^`{|}\u0080-\uffff]+/g

function toText(value: unknown): string {
  return typeof value === 'object' && value !== null ? (writeJson(value) ?? '') : String(value)
}

function isNamed(value: unknown): value is { readonly [ownText]: string } {
  return typeof value === 'object' && value !== null && ownText in value
}
