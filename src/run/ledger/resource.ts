import type { Token } from '../../model/token.ts'
import { withoutEndSlashes } from '../../util/text/text-end.ts'

/** What a token is good for, by ids: two tokens of the same scope have the same text. */
export function scopeOf({ project, domain, system }: Token): string {
  if (project !== undefined) return `project ${project.id}`
  if (domain !== undefined) return `domain ${domain.id}`
  return system ? 'system' : 'unscoped'
}

/** The URL of a resource: a query only says how it is to be treated. */
export function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '')
}

/** Whether one resource is within another: an object in its container. */
export function isBelow(url: string, other: string): boolean {
  const within = `${withoutEndSlashes(withoutQuery(other))}/`
  return url.startsWith(within) && withoutQuery(url).length > within.length
}
