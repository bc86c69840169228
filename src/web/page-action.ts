import type { Json } from '../model/recipe.ts'
import type { PageAction } from './message.ts'

/** Reads what a page asks for; undefined for anything else. */
export function toPageAction(body: Json | undefined): PageAction | undefined {
  if (!isMapping(body)) return undefined
  const { type, lesson, inputs = {}, answer, fault, value } = body
  switch (type) {
    case 'open':
      return Number.isInteger(lesson) && isTexts(inputs)
        ? { type, lesson: Number(lesson), inputs }
        : undefined
    case 'check':
      if (answer === undefined) return { type }
      return typeof answer === 'string' ? { type, answer } : undefined
    case 'break':
      if (typeof fault !== 'string') return undefined
      if (value === undefined) return { type, fault }
      return typeof value === 'string' ? { type, fault, value } : undefined
    case 'mend':
      return typeof fault === 'string' ? { type, fault } : undefined
    case 'step':
    case 'all':
    case 'reset':
    case 'answer':
    case 'leave':
      return { type }
    default:
      return undefined
  }
}

function isTexts(value: Json): value is { readonly [name: string]: string } {
  return isMapping(value) && Object.values(value).every((text) => typeof text === 'string')
}

function isMapping(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
