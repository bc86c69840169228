import type { Json } from '../model/recipe.ts'
import type { VerbDefaults } from '../model/step.ts'
import { isMapping } from './input.ts'
import { headersSchema } from './request-schema.ts'

/** The keys of a request that a recipe may give once for all of them. */
export const requestDefaults: VerbDefaults = {
  schemas: {
    headers: { ...headersSchema, description: 'Headers of every request that has none of the same name.' },
  },
  fill: (input, { headers }) => {
    const own: { readonly [key: string]: Json } = isMapping(input) ? input : { url: input }
    return { ...own, headers: joined(own.headers, headers) }
  },
}

// Header names are the same in any case.
function joined(own: Json | undefined, defaults: Json | undefined): { readonly [name: string]: Json } {
  const given = isMapping(own) ? own : {}
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()))
  const others = Object.entries(isMapping(defaults) ? defaults : {})
  return { ...Object.fromEntries(others.filter(([name]) => !names.has(name.toLowerCase()))), ...given }
}
