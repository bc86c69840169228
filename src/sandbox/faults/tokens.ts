import type { Fault } from './fault.ts'
import { millisecondsOf, timesOf } from './fault.ts'

/** All tokens end, once. */
export const expiredTokens: Fault = {
  name: 'expired-tokens',
  summary:
    'Every token that was given out is expired when the next request with a token comes; later ones are good.',
  begin() {
    const { take, isSpent } = timesOf('1')
    return {
      answer({ call, expireTokens }) {
        if (call.header('X-Auth-Token') !== undefined && take()) expireTokens()
        return undefined
      },
      isSpent,
    }
  },
}

/** Tokens live for another time than an hour. */
export const tokenLife: Fault = {
  name: 'token-life',
  summary: 'New tokens are good for this long only.',
  value: { kind: 'duration', default: '60s' },
  begin: (value) => ({ tokenLife: millisecondsOf(value) ?? 0 }),
}

/**
 * Services see a revocation late: the middleware in front of them asks Keystone about a token once, and trusts the answer
 * for 300 seconds.
 * https://docs.openstack.org/keystonemiddleware/latest/middlewarearchitecture.html (token_cache_time)
 */
export const lateRevocation: Fault = {
  name: 'late-revocation',
  summary:
    'The object store trusts a token that it has seen for this long, also when it is revoked meanwhile.',
  value: { kind: 'duration', default: '300s' },
  begin: (value) => ({ validationCache: millisecondsOf(value) ?? 0 }),
}

/** Good tokens are refused. */
export const unauthorized: Fault = {
  name: 'unauthorized',
  summary: 'The object store answers 401 to a good token, this many times.',
  value: { kind: 'count', default: '1' },
  begin(value) {
    const { take, isSpent } = timesOf(value)
    return { refusesToken: take, isSpent }
  },
}
