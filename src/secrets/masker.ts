import type { HttpRequest, HttpResponse, Span } from '../model/exchange.ts'
import { headerOf } from '../model/exchange.ts'
import { parseJson } from '../util/parse-json.ts'
import { createFormIndex } from './form-index.ts'
import { formsOf, shortest } from './forms.ts'
import { hidden } from './rules.ts'
import { fieldSpans, secretsOfHeaders, secretsOfJson, signaturesOf } from './secret-fields.ts'

/** A secret and the variable that stands for it in curl lines. */
type SecretName = { readonly value: string; readonly variable: string; readonly secret: true }

/** Knows every secret of a run and hides it, in every spelling. */
export type Masker = {
  /** Hides a value from now on; `variable` stands for it in curl lines. An empty value is no secret. */
  learn(secret: string, variable?: string): void
  /** Learns what an exchange shows to be secret: tokens, receipts, keys, cookies, passwords. There need be no answer, or its head alone. */
  learnFromExchange(
    request: HttpRequest,
    response?: Pick<HttpResponse, 'headers'> & Partial<HttpResponse>,
  ): void
  /** The secrets that have a variable. */
  names(): readonly SecretName[]
  mask(text: string): string
  /** Where secrets stand in a text, in whatever spelling: in order, and none over another. */
  find(text: string): readonly Span[]
  /** As `mask`, with something else for each secret: whatever its spelling, `nameOf` gets the secret itself. */
  rename(text: string, nameOf: (secret: string) => string): string
}

/** A longer secret, such as a key, is looked for by itself, before those that may stand within it. */
const longestIndexed = 1000

/** Makes a masker that knows nothing yet. `onLearn` is told each secret that it learns. */
export function createMasker(onLearn?: (secret: string) => void): Masker {
  const known = new Set<string>()
  const owners = new Map<string, string>()
  const variables = new Map<string, string>()
  let names: readonly SecretName[] | undefined
  const index = createFormIndex()
  // Sorted when they are needed: an answer may bring many secrets at once.
  let long: readonly string[] = []
  const added: string[] = []
  const find = (text: string): readonly Span[] => {
    const placed = fieldSpans(text)
    if (text.length < shortest) return placed
    if (added.length > 0) long = [...long, ...added.splice(0)].sort((a, b) => b.length - a.length)
    const taken = longSpans(text, long, placed)
    const spans: Span[] = []
    let from = 0
    for (const next of [...taken, { start: text.length, end: text.length }]) {
      for (const span of index.find(text, from, next.start)) spans.push(span)
      if (next.end > next.start) spans.push(next)
      from = next.end
    }
    return spans
  }
  const replace = (text: string, nameOf: (form: string) => string): string => {
    const pieces: string[] = []
    let from = 0
    for (const { start, end } of find(text)) {
      pieces.push(text.slice(from, start), nameOf(text.slice(start, end)))
      from = end
    }
    return from === 0 ? text : pieces.join('') + text.slice(from)
  }
  const mask = (text: string): string => replace(text, () => hidden)
  const masker: Masker = {
    mask,
    find,
    rename: (text, nameOf) => replace(text, (form) => nameOf(owners.get(form) ?? form)),
    learn(secret, variable) {
      if (secret === '') return
      if (variable !== undefined && !variables.has(secret)) {
        variables.set(secret, variable)
        names = undefined
      }
      if (known.has(secret) || secret.trim().length < shortest) return
      known.add(secret)
      onLearn?.(secret)
      for (const form of formsOf(secret)) {
        if (owners.has(form)) continue
        owners.set(form, secret)
        if (form.length <= longestIndexed) index.add(form)
        else added.push(form)
      }
    },
    learnFromExchange(request, { headers, body } = { headers: [] }) {
      for (const secret of [...secretsOfHeaders(request.headers), ...secretsOfHeaders(headers)])
        masker.learn(secret)
      for (const signature of signaturesOf(request.url, headerOf(headers, 'Location')))
        masker.learn(signature)
      if (request.body?.kind === 'text' && request.body.json !== undefined)
        for (const secret of secretsOfJson(request.body.json)) masker.learn(secret)
      if (body !== undefined && body.length > 0 && /json/i.test(headerOf(headers, 'Content-Type') ?? ''))
        // What only calls itself JSON has no fields to look at; its text is masked all the same.
        for (const secret of secretsOfJson(parseJson(body))) masker.learn(secret)
    },
    names: () => {
      names ??= [...variables].map(([value, variable]) => ({ value, variable, secret: true }))
      return names
    },
  }
  return masker
}

// Besides those that are known, where the long forms stand.
function longSpans(text: string, forms: readonly string[], known: readonly Span[]): readonly Span[] {
  const spans = [...known]
  for (const form of forms) {
    for (let start = text.indexOf(form); start >= 0; ) {
      const end = start + form.length
      const other = spans.find((one) => start < one.end && end > one.start)
      if (other === undefined) spans.push({ start, end })
      start = text.indexOf(form, other?.end ?? end)
    }
  }
  return spans.sort((a, b) => a.start - b.start)
}
