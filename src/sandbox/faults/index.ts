import { cutBody, endlessBody, slowBody } from './bodies.ts'
import {
  aliasType,
  emptyCatalog,
  httpLinks,
  missingRegion,
  privateHost,
  skewedClock,
  wrongDiscovery,
} from './catalogs.ts'
import type { Fault } from './fault.ts'
import { millisecondsOf } from './fault.ts'
import { lowerCaseHeaders, rateLimit, slow, unavailable } from './gateway.ts'
import type { FaultSetting } from './setting.ts'
import { expiredTokens, lateRevocation, tokenLife, unauthorized } from './tokens.ts'

/** All faults, in the order of the help; a new one is an entry here. */
export const faults: readonly Fault[] = [
  expiredTokens,
  tokenLife,
  lateRevocation,
  unauthorized,
  rateLimit,
  unavailable,
  slow,
  slowBody,
  cutBody,
  endlessBody,
  wrongDiscovery,
  httpLinks,
  privateHost,
  missingRegion,
  aliasType,
  emptyCatalog,
  skewedClock,
  lowerCaseHeaders,
]

/** How a fault is written: `slow[=DURATION]`. */
export function faultUsage({ name, value }: Fault): string {
  return value === undefined ? name : `${name}[=${value.kind.toUpperCase()}]`
}

/** What is wrong with a fault as it was written; `unknown` is the name that there is not. */
export type BadFault = { readonly problem: string; readonly unknown?: string }

/** Reads `NAME` or `NAME=VALUE`, for a sandbox with TLS or without. */
export function readFault(text: string, { hasTls }: { readonly hasTls: boolean }): FaultSetting | BadFault {
  const at = text.indexOf('=')
  const name = at < 0 ? text : text.slice(0, at)
  const fault = faults.find((one) => one.name === name)
  if (fault === undefined) return { problem: `There is no fault "${name}".`, unknown: name }
  if (fault.needsTls && !hasTls) return { problem: `The fault ${name} shows with TLS only.` }
  const given = at < 0 ? undefined : text.slice(at + 1)
  if (fault.value === undefined)
    return given === undefined ? { name, value: '' } : { problem: `The fault ${name} takes no value.` }
  const value = given ?? fault.value.default
  const problem = problemOf(fault, value)
  return problem === undefined
    ? { name, value }
    : { problem: `The fault ${name} ${problem}, not "${value}".` }
}

function problemOf({ value, name }: Fault, given: string): string | undefined {
  switch (value?.kind) {
    case 'count':
      return /^[1-9]\d{0,8}$/.test(given) ? undefined : 'takes a count of 1 or more'
    case 'duration': {
      const milliseconds = millisecondsOf(given)
      if (milliseconds === undefined) return 'takes a duration with a unit, as 500ms, 10s, 5m or 2h'
      // What a timer of Node can count.
      if (Math.abs(milliseconds) >= 2 ** 31) return 'takes a duration of at most 596h'
      return milliseconds >= 0 || name === skewedClock.name ? undefined : 'takes no duration below zero'
    }
    default:
      return /^[\w.-]{1,64}$/.test(given) ? undefined : 'takes a name of letters, digits, ".", "_" and "-"'
  }
}
