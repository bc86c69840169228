import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse, stringify } from 'yaml'
import type { Json, Recipe } from '../src/model/recipe.ts'
import { parseRecipe } from '../src/recipe/parse.ts'
import { verbs } from '../src/steps/index.ts'

type Mapping = { readonly [key: string]: Json }

/**
 * A shipped recipe whose last step can only fail, when all that it makes is there: everything that its last assertion
 * expects is turned round, or its last request misses where no assertion comes after it.
 */
export function failingLate(file: string): Recipe {
  const { steps, ...rest } = read(file)
  const last = steps.findLastIndex((step) => 'assert' in step || 'request' in step)
  return recipeOf(file, {
    ...rest,
    steps: steps.map((step, index) => (index === last ? failed(step) : step)),
  })
}

/**
 * A shipped recipe whose first request, or assertion, can only fail. No step is skipped, so that it also fails, perhaps
 * before that, on a cloud that lacks the services which it is for.
 */
export function failingEarly(file: string): Recipe {
  const { steps, ...rest } = read(file)
  const first = steps.findIndex((step) => 'assert' in step || 'request' in step)
  const all = steps.map(({ when: _, ...step }, index) => (index === first ? failed(step) : step))
  return recipeOf(file, { ...rest, steps: all })
}

function read(file: string): Mapping & { readonly steps: readonly Mapping[] } {
  return parse(readFileSync(`recipes/${file}`, 'utf8')) as ReturnType<typeof read>
}

function recipeOf(file: string, recipe: Mapping): Recipe {
  const path = `recipes/${file}`
  return parseRecipe(stringify(recipe), { file: path, directory: resolve(dirname(path)), verbs })
}

function failed({ request, assert, ...step }: Mapping): Mapping {
  if (assert !== undefined) return { ...step, assert: turned(assert as Mapping) }
  const { expect: _, url, ...given } = typeof request === 'string' ? { url: request } : (request as Mapping)
  const [path, query] = String(url).split(/(?=\?)/)
  return { ...step, request: { ...given, url: `${path}/osrun-none/osrun-none${query ?? ''}` } }
}

function turned(assertion: Mapping): Mapping {
  const each = (members: Json): Mapping =>
    Object.fromEntries(Object.entries(members as Mapping).map(([key, value]) => [key, opposite(value)]))
  return Object.fromEntries(
    Object.entries(assertion).map(([key, value]) => {
      if (key === 'of') return [key, value]
      return [key, /^(headers|json|context)$/.test(key) ? each(value) : opposite(value)]
    }),
  )
}

// What a text is compared with may be a template, whose value is not known here.
function opposite(expected: Json): Json {
  if (Array.isArray(expected)) return ['none of these']
  if (typeof expected === 'string') return `not ${expected}`
  return {
    not:
      typeof expected === 'object' && expected !== null ? expected : { enum: [expected, String(expected)] },
  }
}
