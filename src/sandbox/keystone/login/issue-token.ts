import { randomBytes } from 'node:crypto'
import type { Call } from '../../call.ts'
import { readJson } from '../body.ts'
import type { Receipt, Token } from '../identity/credentials.ts'
import type { Identity } from '../identity/identity.ts'
import { fernetLike, toldAfterEnd } from '../identity/identity.ts'
import { unauthorized } from '../refusal.ts'
import { readAuthRequest } from './auth-request.ts'
import type { Proof } from './methods.ts'
import { proveUser } from './methods.ts'
import type { Grant } from './scope.ts'
import { grantScope } from './scope.ts'

/** A login that needs further methods. */
export type Unfinished = {
  readonly receiptId: string
  readonly receipt: Receipt
  readonly rules: readonly (readonly string[])[]
}

const receiptLife = 300_000

/** `POST /v3/auth/tokens`: makes a token, or a receipt for the methods so far. */
export async function issueToken(call: Call, state: Identity): Promise<Token | Unfinished> {
  const request = readAuthRequest(await readJson(call))
  const proof = proveUser(request.identity, request.methods, state)
  const earlier = receiptOf(call, proof, state)
  const methods = [
    ...new Set([...(proof.parent?.methods ?? []), ...(earlier?.methods ?? []), ...request.methods]),
  ]
  const { authRules: rules } = proof.user
  if (
    rules !== undefined &&
    !proof.parent &&
    !proof.credential &&
    !rules.some((rule) => rule.every((one) => methods.includes(one)))
  ) {
    const receiptId = fernetLike(160)
    const receipt = { user: proof.user, methods, expiresAt: wholeSeconds(state.now() + receiptLife) }
    state.receipts.set(receiptId, receipt)
    return { receiptId, receipt, rules }
  }
  const token = makeToken(proof, methods, grantScope(request.scope, proof, state.directory), state)
  if (state.tokens.size() % 1000 === 999) state.tokens.forget(state.now() - toldAfterEnd)
  state.tokens.add(token)
  return token
}

function receiptOf(call: Call, proof: Proof, state: Identity): Receipt | undefined {
  const id = call.header('Openstack-Auth-Receipt')
  if (id === undefined) return undefined
  const receipt = state.receipts.get(id)
  if (receipt === undefined || receipt.user !== proof.user || receipt.expiresAt <= state.now())
    throw unauthorized()
  return receipt
}

function makeToken(proof: Proof, methods: readonly string[], grant: Grant, state: Identity): Token {
  const { parent, credential } = proof
  const issuedAt = wholeSeconds(state.now())
  const chain = parent?.auditIds.at(-1)
  const own = wholeSeconds(state.now() + state.faults.tokenLife(state.tokenLife))
  return {
    id: fernetLike(grant.scope.kind === 'unscoped' ? 162 : credential || parent ? 204 : 183),
    user: grant.user ?? proof.user,
    methods,
    auditIds: [randomBytes(16).toString('base64url'), ...(chain === undefined ? [] : [chain])],
    issuedAt,
    // A token made of a token does not live longer; one of a credential no longer than that.
    expiresAt: parent?.expiresAt ?? Math.min(own, credential?.expiresAt ?? own),
    scope: grant.scope,
    roles: grant.roles,
    ...(credential && { applicationCredential: credential }),
    ...(grant.trust && { trust: grant.trust }),
    revoked: false,
  }
}

function wholeSeconds(time: number): number {
  return Math.floor(time / 1000) * 1000
}
