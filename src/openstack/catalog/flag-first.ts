import type { Cloud } from '../../model/cloud.ts'

/** Options of a cloud that a recipe's `defaults` may name too, by their keys there. */
const options: { readonly [key: string]: string | undefined } = {
  region: 'region_name',
  interface: 'interface',
}

/**
 * What a step says of its endpoint, without what only the recipe's `defaults` say where the command line says otherwise:
 * step, then flag, then `defaults`, then the environment and files.
 *
 * @param defaulted the keys that `defaults` gave
 */
export function flagFirst<Value>(
  wanted: { readonly [key: string]: Value },
  defaulted: readonly string[],
  cloud: Cloud | undefined,
): { readonly [key: string]: Value } {
  const flagged = defaulted.filter((key) =>
    cloud?.valueSources.some(({ option, from }) => option === options[key] && from.startsWith('--')),
  )
  if (flagged.length === 0) return wanted
  return Object.fromEntries(Object.entries(wanted).filter(([key]) => !flagged.includes(key)))
}
