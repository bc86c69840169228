import type { Span } from '../model/exchange.ts'
import { shortest } from './forms.ts'

/** Many texts that are looked for at once. */
export type FormIndex = {
  /** Looks for this one, too; it has four characters at least. */
  add(form: string): void
  /** Where they stand in a part of a text, from left to right: at each place the longest, and none over another. */
  find(text: string, start: number, end: number): readonly Span[]
}

/** The forms of one length that begin alike. */
type Bucket = { readonly length: number; readonly forms: Set<string> }

/**
 * Makes an index that is empty. An answer may bring thousands of secrets, each in many forms, so that neither a text may be
 * searched for each of them, nor may all be the alternatives of one regular expression.
 */
export function createFormIndex(): FormIndex {
  // Most places of a text are no start of any form: a look at a table tells.
  const starts = new Uint8Array(tableSize)
  const buckets = new Map<string, Bucket[]>()
  const lengthAt = (text: string, at: number, end: number): number => {
    if (starts[slotOf(text, at)] === 0) return 0
    const fitting = buckets.get(text.slice(at, at + shortest))?.find(({ length, forms }) => {
      return at + length <= end && forms.has(text.slice(at, at + length))
    })
    return fitting?.length ?? 0
  }
  return {
    add(form) {
      starts[slotOf(form, 0)] = 1
      const start = form.slice(0, shortest)
      const alike = buckets.get(start) ?? []
      const same = alike.find(({ length }) => length === form.length)
      if (same !== undefined) same.forms.add(form)
      else alike.push({ length: form.length, forms: new Set([form]) })
      if (same === undefined) alike.sort((a, b) => b.length - a.length)
      buckets.set(start, alike)
    },
    find(text, start, end) {
      const spans: Span[] = []
      for (let at = start; at + shortest <= end; at++) {
        const length = lengthAt(text, at, end)
        if (length === 0) continue
        spans.push({ start: at, end: at + length })
        at += length - 1
      }
      return spans
    },
  }
}

const tableSize = 65_536

function slotOf(text: string, at: number): number {
  const code = (offset: number): number => text.charCodeAt(at + offset)
  return (code(0) ^ (code(1) << 4) ^ (code(2) << 8) ^ (code(3) << 12)) & (tableSize - 1)
}
