import type { HeaderList, Span } from '../model/exchange.ts'
import { isSecretName, isSecretParameter, isTokenField } from '../util/secret-names.ts'

/** Where a value stands that is a secret by the name of its field. */
export type FieldSpan = Span & {
  /** A number of JSON, which has no quotes. */
  readonly isNumber?: true
}

/** Characters of which one stands in each text with fields, as the inside of a class of a regular expression. */
export const fieldSigns = '"='

/**
 * Where a text that holds JSON, whole or not, or a URL or a form, has the values of fields that are secrets by their names,
 * however short they are: texts, numbers, and lists of these. A template of a recipe is none. A text that was cut within such a
 * value has it up to its end.
 */
export function fieldSpans(text: string): readonly FieldSpan[] {
  if (!text.includes('"')) return text.includes('=') ? parameterSpans(text) : []
  return [...jsonSpans(text), ...parameterSpans(text)]
}

/** The secret that stands in a text where `fieldSpans` found it. */
export function secretAt(text: string, { start, end }: Span): string {
  const written = text.slice(start, end)
  if (!written.includes('\\')) return written
  try {
    return String(JSON.parse(`"${written}"`))
  } catch {
    // It is no JSON, so that it is what it is.
    return written
  }
}

/** The secret values of a list of headers. */
export function secretsOfHeaders(headers: HeaderList): readonly string[] {
  return headers
    .filter(([name]) => isSecretName(name))
    .flatMap(([name, value]) =>
      /^(set-)?cookie$/i.test(name)
        ? cookieValues(value)
        : /authorization$/i.test(name)
          ? [value.replace(/^\S+\s+/, '')]
          : [value],
    )
}

const fieldName = /"([\w.-]{1,200})"\s*:\s*/g
// Keystone's credentials keep a secret here, or JSON that has names of its own.
const blob = 'blob'

function jsonSpans(text: string): readonly FieldSpan[] {
  if (!text.includes('":') && !/" +:/.test(text)) return []
  const spans: FieldSpan[] = []
  const pattern = new RegExp(fieldName)
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const name = match[1] ?? ''
    if (!isSecretName(name) && name !== blob) continue
    const from = pattern.lastIndex
    const found = valueSpans(text, from, name)
    spans.push(...found.spans)
    // What stands in a value that is hidden is no field.
    if (found.end > from) pattern.lastIndex = found.end
  }
  return spans
}

type Found = { readonly spans: readonly FieldSpan[]; readonly end: number }

function valueSpans(text: string, from: number, name: string): Found {
  switch (text[from]) {
    case '"': {
      const end = endOfString(text, from + 1)
      const isOwn = name === blob ? /[[{]/.test(text[from + 1] ?? '') : isTemplate(text.slice(from + 1, end))
      return isOwn || end === from + 1
        ? { spans: [], end: from }
        : { spans: [{ start: from + 1, end }], end: Math.min(end + 1, text.length) }
    }
    case '[':
      return listSpans(text, from, name)
    case '{':
      return tokenSpan(text, from, name)
    default:
      return numberSpan(text, from, name)
  }
}

function listSpans(text: string, from: number, name: string): Found {
  const spans: FieldSpan[] = []
  const between = /[\s,]*/y
  for (let at = from + 1; ; ) {
    between.lastIndex = at
    between.test(text)
    at = between.lastIndex
    if (text[at] === '{' || text[at] === '[') return { spans, end: at }
    const found = valueSpans(text, at, name)
    spans.push(...found.spans)
    if (found.end === at) return { spans, end: at }
    at = found.end
  }
}

// A token that is a mapping is its `id`.
function tokenSpan(text: string, from: number, name: string): Found {
  if (!isTokenField(name)) return { spans: [], end: from }
  const id = /\{[^{}[\]]{0,400}?"id"\s*:\s*(?=")/y
  id.lastIndex = from
  return id.test(text) ? valueSpans(text, id.lastIndex, 'password') : { spans: [], end: from }
}

// A number of tokens or of what has passed is a count.
function numberSpan(text: string, from: number, name: string): Found {
  const number = /-?\d[\d.eE+-]{0,40}/y
  number.lastIndex = from
  if (/(tokens?|pass)$/i.test(name) || !number.test(text)) return { spans: [], end: from }
  return { spans: [{ start: from, end: number.lastIndex, isNumber: true }], end: number.lastIndex }
}

// Where the quote of a JSON string stands, or the end of a text that was cut.
function endOfString(text: string, from: number): number {
  for (let at = from; ; at++) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return text.length
    let escapes = 0
    while (quote - escapes > from && text[quote - escapes - 1] === '\\') escapes++
    if (escapes % 2 === 0) return quote
    at = quote
  }
}

function isTemplate(text: string): boolean {
  return text.startsWith('${') && text.indexOf('}') === text.length - 1
}

const parameterName = /(?<=^|[?&])([\w.-]{1,100})=/g

/** Also the signatures of temporary URLs. https://docs.openstack.org/swift/latest/api/temporary_url_middleware.html */
function parameterSpans(text: string): readonly FieldSpan[] {
  return [...text.matchAll(parameterName)].flatMap(({ index, 0: whole, 1: name = '' }) => {
    if (!isSecretParameter(name)) return []
    const value = /[^&#\s"'<>\\]+/y
    value.lastIndex = index + whole.length
    return !text.startsWith('${', value.lastIndex) && value.test(text)
      ? [{ start: index + whole.length, end: value.lastIndex }]
      : []
  })
}

function cookieValues(text: string): readonly string[] {
  return text.split(/;\s*/).flatMap((pair) => pair.split('=').slice(1).join('=') || [])
}
