import type { HttpRequest, HttpResponse, Span } from '../model/exchange.ts'
import { headerOf } from '../model/exchange.ts'
import { remembered } from '../util/remembered.ts'
import { createDictionary } from './dictionary.ts'
import { formsOf, plainForms, shortest } from './forms.ts'
import { hidden } from './rules.ts'
import { type FieldSpan, fieldSigns, fieldSpans, secretAt, secretsOfHeaders } from './secret-fields.ts'
import { viewSigns, viewsOf } from './views.ts'

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
  /** How many secrets it has learned. */
  readonly learned: number
  /** The secrets that have a variable. */
  names(): readonly SecretName[]
  mask(text: string): string
  /** Where secrets stand in a text, in whatever spelling: in order, and none over another. */
  find(text: string): readonly Span[]
  /** As `mask`, with something else for each secret: whatever its spelling, `nameOf` gets the secret itself. */
  rename(text: string, nameOf: (secret: string) => string): string
}

/** Of how many secrets all spellings are looked for; of those after them, as of an answer with very many, none but escapes. */
const mostSpelled = 5000

type Found = FieldSpan & {
  /** The secret that was learned; undefined for one that its field alone shows. */
  readonly secret?: string | undefined
}

/** What stands in a text that has fields or anything to be decoded. */
const signs = new RegExp(`[${fieldSigns}${viewSigns}]`)

/** Makes a masker that knows nothing yet. `onLearn` is told each secret that it learns. */
export function createMasker(onLearn?: (secret: string) => void): Masker {
  const known = new Set<string>()
  const owners = new Map<string, string>()
  const variables = new Map<string, string>()
  const dictionary = createDictionary()
  const alphabet = { blank: false, single: false, double: false }
  let names: readonly SecretName[] | undefined
  const findDecoded = remembered((text): readonly Found[] => {
    const found: Found[] = []
    for (const view of viewsOf(text, alphabet)) {
      for (const span of view.hasFields ? fieldSpans(view.text) : [])
        found.push({ ...view.sourceOf(span), ...(span.isNumber && { isNumber: true }) })
      for (const span of dictionary.find(view.text)) {
        const secret = owners.get(textAt(view.text, span))
        found.push({ ...view.sourceOf(span), secret })
      }
    }
    return found.length === 0 ? found : withoutOverlaps(found)
  })
  // Most texts are words in which nothing is to be decoded and no field can stand.
  const find = (text: string): readonly Found[] => (signs.test(text) ? findDecoded(text) : findPlain(text))
  const findPlain = (text: string): readonly Found[] => {
    const spans = dictionary.find(text)
    return spans.length === 0
      ? spans
      : spans.map((span) => ({ ...span, secret: owners.get(textAt(text, span)) }))
  }
  const replace = (text: string, nameOf: (found: Found) => string): string => {
    const all = find(text)
    if (all.length === 0) return text
    const pieces: string[] = []
    let from = 0
    for (const found of all) {
      const name = nameOf(found)
      // JSON stays JSON.
      pieces.push(text.slice(from, found.start), found.isNumber === true ? `"${name}"` : name)
      from = found.end
    }
    return pieces.join('') + text.slice(from)
  }
  const mask = (text: string): string => replace(text, () => hidden)
  // A value that is known whole is not looked at again in a view where an escaped quote within it would end it.
  const learnText = remembered((text) => {
    let seen: Uint8Array | undefined
    for (const view of viewsOf(text, alphabet)) {
      if (!view.hasFields) continue
      for (const span of fieldSpans(view.text)) {
        const { start, end } = view.sourceOf(span)
        seen ??= new Uint8Array(text.length)
        if (seen[start] === 1) continue
        seen.fill(1, start, end)
        masker.learn(secretAt(view.text, span))
      }
    }
    return true
  })
  const masker: Masker = {
    get learned() {
      return known.size
    },
    mask,
    find,
    rename: (text, nameOf) =>
      replace(text, ({ secret, start, end }) => nameOf(secret ?? text.slice(start, end))),
    learn(secret, variable) {
      if (secret === '') return
      if (variable !== undefined && !variables.has(secret)) {
        variables.set(secret, variable)
        names = undefined
      }
      if (known.has(secret) || secret.trim().length < shortest) return
      known.add(secret)
      onLearn?.(secret)
      alphabet.blank ||= secret.includes(' ')
      alphabet.single ||= secret.includes("'")
      alphabet.double ||= secret.includes('"')
      for (const form of known.size > mostSpelled ? plainForms(secret) : formsOf(secret)) {
        if (!owners.has(form)) owners.set(form, secret)
        dictionary.add(form)
      }
      findDecoded.forget()
      learnText.forget()
    },
    learnFromExchange(request, { headers, body } = { headers: [] }) {
      for (const secret of [...secretsOfHeaders(request.headers), ...secretsOfHeaders(headers)])
        masker.learn(secret)
      for (const url of [request.url, headerOf(headers, 'Location') ?? '']) learnText(url)
      if (request.body?.kind === 'text') learnText(request.body.text)
      if (body !== undefined && body.length > 0 && isTextual(headerOf(headers, 'Content-Type')))
        learnText(new TextDecoder().decode(body))
    },
    names: () => {
      names ??= [...variables].map(([value, variable]) => ({ value, variable, secret: true }))
      return names
    },
  }
  return masker
}

// What nobody shows has no fields to look at.
function isTextual(contentType: string | undefined): boolean {
  return (
    contentType === undefined ||
    /^text\/|[/+](x-nd|nd)?json|xml|x-www-form-urlencoded|yaml/i.test(contentType)
  )
}

function textAt(text: string, { start, end }: Span): string {
  return text.slice(start, end)
}

// In order; those that overlap are one stretch, of the longest of them.
function withoutOverlaps(found: readonly Found[]): readonly Found[] {
  const sorted = [...found].sort((a, b) => a.start - b.start || b.end - a.end)
  const spans: Found[] = []
  for (const one of sorted) {
    const last = spans.at(-1)
    if (last === undefined || one.start >= last.end) spans.push(one)
    else {
      const longest = one.end - one.start > last.end - last.start ? one : last
      const isNumber = last.isNumber === true && one.end <= last.end
      spans.splice(-1, 1, {
        start: last.start,
        end: Math.max(last.end, one.end),
        secret: longest.secret ?? last.secret ?? one.secret,
        ...(isNumber && { isNumber }),
      })
    }
  }
  return spans
}
