import { expect, test } from 'vitest'
import type { Token } from '../../src/model/token.ts'
import { describeScope } from '../../src/openstack/auth/describe-scope.ts'
import { secondsLeft } from '../../src/openstack/auth/token-life.ts'
import { revokeRequest, validateRequest } from '../../src/openstack/auth/token-requests.ts'
import { acceptableTypes, officialType } from '../../src/openstack/catalog/service-types.ts'

const token = { expiresAt: '2026-01-31T11:00:00.000000Z', clockSkew: 0 } as Token

test.each([
  ['2026-01-31T10:00:00Z', 0, 3600],
  ['2026-01-31T11:00:30Z', 0, -30],
  // Our clock is an hour ahead: the server's Date says so, and the token is still good.
  ['2026-01-31T11:30:00Z', -3_600_000, 1800],
  ['2026-01-31T10:00:00Z', 1_800_000, 1800],
])("at %s with a skew of %i ms a token has %i s left by the server's clock", (now, clockSkew, left) => {
  expect(secondsLeft({ ...token, clockSkew }, Date.parse(now))).toBe(left)
})

test.each([
  [{ project: { id: 'p1', name: 'demo' } }, 'scoped to the project "demo"'],
  [{ project: { id: 'p1', name: '' } }, 'scoped to the project p1'],
  [{ domain: { id: 'd1', name: 'Default' } }, 'scoped to the domain "Default"'],
  [{ system: { all: true } }, 'scoped to the system'],
  [{ user: { id: 'u1' } }, 'unscoped'],
  [{ project: null, domain: 'x' }, 'unscoped'],
])('the scope of %j is told', (body, words) => {
  expect(describeScope(body)).toBe(words)
})

test('who asks goes into X-Auth-Token, and what is meant into X-Subject-Token', () => {
  const question = { token: 'caller', subject: 'meant' }
  const headers = [
    ['X-Auth-Token', 'caller'],
    ['X-Subject-Token', 'meant'],
  ]
  expect(revokeRequest('http://k.test/v3', question)).toMatchObject({
    method: 'DELETE',
    url: 'http://k.test/v3/auth/tokens',
    headers: expect.arrayContaining(headers),
  })
  expect(validateRequest('http://k.test/v3', { ...question, method: 'HEAD' })).toMatchObject({
    method: 'HEAD',
    url: 'http://k.test/v3/auth/tokens',
    headers: expect.arrayContaining(headers),
  })
})

test.each([
  ['block-storage', ['block-storage', 'volumev3', 'volumev2', 'volume', 'block-store']],
  ['volume', ['volume', 'block-storage']],
  ['container-infra', ['container-infra', 'container-infrastructure-management']],
  ['application_deployment', ['application_deployment', 'application-deployment']],
  ['compute', ['compute']],
  ['own', ['own']],
  ['constructor', ['constructor']],
])('%s is answered by %j', (wanted, types) => {
  expect(acceptableTypes(wanted)).toEqual(types)
  expect(officialType(wanted)).toBe(types[1] !== undefined && types.length === 2 ? types[1] : wanted)
})
