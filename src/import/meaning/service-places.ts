import { referencesOf } from '../reference.ts'
import { guessService, serviceInFilter, serviceInName } from './guess-service.ts'
import { isUnder, type KnownCloud, placeInCatalog } from './known-cloud.ts'

/** Where a recorded URL belongs. */
export type UrlPlace =
  | { readonly kind: 'identity'; readonly rest: string; readonly guessed: boolean }
  | {
      readonly kind: 'service'
      readonly base: string
      readonly rest: string
      readonly pick: { readonly service: string; readonly region?: string; readonly interface?: string }
      readonly guessed: boolean
    }
  | { readonly kind: 'elsewhere' }

/** What is known about where URLs belong. */
export type Places = {
  readonly known: KnownCloud | undefined
  /** URLs that gave tokens in this conversation, without `/auth/tokens`. */
  readonly identityUrls: ReadonlySet<string>
  /** What a shell variable was taken out of an answer with, by reference. */
  readonly filters: ReadonlyMap<string, string>
}

/** Finds the service that a URL belongs to: by what the conversation or the catalog says, else by its form. */
export function placeUrl(url: string, { known, identityUrls, filters }: Places): UrlPlace {
  for (const base of [...identityUrls, ...(known ? [known.token.identityUrl] : [])])
    if (isUnder(url, base) || (base.endsWith('\ufdd1') && url.startsWith(base)))
      return { kind: 'identity', rest: slashed(url.slice(base.length)), guessed: false }
  const found = known && placeInCatalog(url, known)
  if (found)
    return {
      kind: 'service',
      base: found.base,
      rest: url.slice(found.base.length),
      pick: found.pick,
      guessed: false,
    }
  const opening = /^\ufdd0[^\ufdd1]*\ufdd1/.exec(url)?.[0]
  if (opening !== undefined) {
    const rest = url.slice(opening.length)
    const [name = ''] = referencesOf(opening)
    const service = serviceInFilter(filters.get(name) ?? '')
    if (service !== undefined)
      return { kind: 'service', base: opening, rest, pick: { service }, guessed: false }
    const account = /^(?:\/[\w-]+)*?\/v1\/AUTH_[^/?]+/.exec(rest)?.[0]
    if (account === undefined) {
      const named = serviceInName(name)
      if (named === undefined || named === 'identity') return { kind: 'elsewhere' }
      return { kind: 'service', base: opening, rest, pick: { service: named }, guessed: true }
    }
    return {
      kind: 'service',
      base: opening + account,
      rest: rest.slice(account.length),
      pick: { service: 'object-store' },
      guessed: true,
    }
  }
  const guess = guessService(url)
  if (guess === undefined) return { kind: 'elsewhere' }
  const rest = url.slice(guess.base.length)
  if (guess.service === 'identity') return { kind: 'identity', rest, guessed: true }
  return { kind: 'service', base: guess.base, rest, pick: { service: guess.service }, guessed: true }
}

function slashed(rest: string): string {
  return rest === '' || /^[/?]/.test(rest) ? rest : `/${rest}`
}
