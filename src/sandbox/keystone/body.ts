import type { Call } from '../call.ts'
import { missing, Refusal } from './refusal.ts'

/** A JSON object. */
export type Fields = { readonly [name: string]: unknown }

const largest = 114_688

/** Reads a body, up to what Keystone takes. Without one: undefined. */
export async function readJson(call: Call): Promise<Fields | undefined> {
  const text = await readText(call)
  if (text === '') return undefined
  const type = (call.header('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type !== '' && type !== 'application/json' && !/^application\/.*\+json$/.test(type))
    throw missing('application/json', 'Content-Type header')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  const fields = fieldsOf(value)
  if (fields === undefined) throw missing('valid JSON', 'request body')
  return fields
}

/** The value as a JSON object; undefined when it is something else. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

/** The value as a text; undefined when it is something else or empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** 413 is said by a filter before Keystone, so it is text and has no request id. */
export const tooLarge = `413 Request Entity Too Large\n\nRequest is too large. Larger than max_request_body_size (${largest}).\n\n   `

async function readText(call: Call): Promise<string> {
  if ((call.length ?? 0) > largest) throw new Refusal(413, tooLarge)
  if (!call.chunked && !call.length) return ''
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of call.body) {
    size += chunk.length
    if (size > largest) throw new Refusal(413, tooLarge)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
