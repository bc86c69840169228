import type { Json } from '../../model/recipe.ts'
import type { VerbDefaults } from '../../model/step.ts'
import { isMapping } from '../input.ts'
import { versionHeader } from './microversion.ts'
import { headersSchema, microversionSchema } from './schema.ts'

/** The keys of a request that a recipe may give once for all of them. */
export const requestDefaults: VerbDefaults = {
  schemas: {
    headers: { ...headersSchema, description: 'Headers of every request that has none of the same name.' },
    microversion: {
      ...microversionSchema,
      pattern: String.raw`\$\{|^\s*([A-Za-z][\w-]*\s+)?(\d{1,9}\.\d{1,9}|latest)\s*$`,
      title: 'a microversion such as 2.90, latest, or compute 2.90',
      description:
        'The microversion of every request to a service that has some; with its name, to that service alone.',
    },
  },
  fill: (input, { headers, microversion }) => {
    const own: { readonly [key: string]: Json } = isMapping(input) ? input : { url: input }
    const all = headers === undefined ? own.headers : joined(own.headers, headers)
    const isSaid = isMapping(all) && Object.keys(all).some((name) => versionHeader.test(name))
    return {
      ...(microversion !== undefined && !isSaid && { microversion }),
      ...own,
      ...(all !== undefined && { headers: all }),
    }
  },
}

// Header names are the same in any case.
function joined(own: Json | undefined, defaults: Json | undefined): { readonly [name: string]: Json } {
  const given = isMapping(own) ? own : {}
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()))
  const others = Object.entries(isMapping(defaults) ? defaults : {})
  return { ...Object.fromEntries(others.filter(([name]) => !names.has(name.toLowerCase()))), ...given }
}
