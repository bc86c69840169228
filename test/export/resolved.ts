import { readFileSync } from 'node:fs'
import type { Placeholder, Placeholders } from '../../src/export/placeholder.ts'
import type { HttpRequest } from '../../src/model/exchange.ts'
import { ownValue, percentEncode, renderTemplate } from '../../src/recipe/template/render-template.ts'
import type { DataPath } from '../../src/util/data-path.ts'

/** A request as it is on the wire. */
export type WireRequest = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Bytes of the body. */
  readonly size: number
}

/** Puts values into what was written with placeholders, each as its place wants it. */
export function createResolver(placeholders: Placeholders, valueAt: (path: DataPath) => unknown) {
  const readOf = ({ read }: Placeholder): unknown =>
    ownValue(renderTemplate({ parts: [read] }, valueAt, 'value'))
  const textOf = (placeholder: Placeholder): string => {
    const value = readOf(placeholder)
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
  const join = (text: string, encode: (placeholder: Placeholder, index: number) => string): string =>
    placeholders
      .cut(text)
      .map((piece, index) => (typeof piece === 'string' ? piece : encode(piece, index)))
      .join('')
  // What a URL starts with is the start of one.
  const inUrl = (placeholder: Placeholder, index: number): string => {
    const { form } = placeholder
    const text = textOf(placeholder)
    if (index === 0) return text
    return form === 'path' || form === 'component'
      ? percentEncode(text, form === 'path')
      : encodeURIComponent(text)
  }
  const json = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const [only, more] = placeholders.cut(value)
      return typeof only === 'object' && more === undefined && only.form === 'value'
        ? readOf(only)
        : join(value, textOf)
    }
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(json)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, json(item)]))
  }
  const bodyOf = ({ body, headers }: HttpRequest): string => {
    if (body === undefined) return ''
    if (body.kind === 'file') return readFileSync(join(body.path, textOf), 'utf8')
    if (body.kind === 'multipart') throw new Error('No shipped recipe sends a form with files.')
    if (body.json !== undefined) return JSON.stringify(json(body.json))
    const isForm = headers.some((header) => header.join().endsWith('x-www-form-urlencoded'))
    return join(
      body.text,
      isForm ? (one) => new URLSearchParams({ '': textOf(one) }).toString().slice(1) : textOf,
    )
  }
  return {
    json,
    request(request: HttpRequest): WireRequest {
      const body = bodyOf(request)
      return {
        method: request.method,
        url: join(request.url, inUrl),
        headers: Object.fromEntries(
          request.headers.map(([name, value]) => [name.toLowerCase(), join(value, textOf)]),
        ),
        body,
        size: Buffer.byteLength(body),
      }
    },
  }
}
