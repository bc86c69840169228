import { createHash, randomUUID } from 'node:crypto'
import type { Call } from '../call.ts'
import type { Reply } from '../reply.ts'
import { noContent, resource } from './answer.ts'
import { readJson } from './body.ts'
import type { Ec2Credential, Token } from './identity/credentials.ts'
import type { Identity } from './identity/identity.ts'
import { callerOf, hasRole } from './login/tokens.ts'
import { forbidden, Refusal } from './refusal.ts'

// https://docs.openstack.org/api-ref/identity/v3-ext/#os-ec2-credentials ; of its checks Keystone's source tells the order.

/** `POST /v3/users/{id}/credentials/OS-EC2`: a pair of keys for a project. */
export async function createEc2Credential(call: Call, state: Identity, userId: string): Promise<Reply> {
  const caller = callerOf(call, state)
  ownerOnly(caller, userId, 'identity:ec2_create_credential')
  refuseUnknownUser(userId, state)
  const given = (await readJson(call))?.tenant_id
  if (!state.directory.projects.has(String(given)))
    throw new Refusal(404, `Could not find project: ${String(given ?? 'None')}.`)
  refuseDelegated(caller)
  const [access, secret] = [randomUUID(), randomUUID()].map((id) => id.replaceAll('-', '')) as [
    string,
    string,
  ]
  const credential: Ec2Credential = { user: userId, project: String(given), access, secret }
  state.ec2Credentials.set(access, credential)
  // Keystone shows the secret again, and so it cannot be hashed.
  state.keeper?.note(['ec2', access], credential)
  return resource(201, { credential: describe(credential, state) })
}

/** `GET /v3/users/{id}/credentials/OS-EC2`. */
export function listEc2Credentials(call: Call, state: Identity, userId: string): Reply {
  const caller = callerOf(call, state)
  ownerOnly(caller, userId, 'identity:ec2_list_credentials')
  refuseDelegated(caller)
  refuseUnknownUser(userId, state)
  const own = [...state.ec2Credentials.values()].filter(({ user }) => user === userId)
  const self = `${state.base}/identity/v3/users/${userId}/credentials/OS-EC2`
  return resource(200, {
    credentials: own.map((one) => describe(one, state)),
    links: { next: null, self, previous: null },
  })
}

/** `GET /v3/users/{id}/credentials/OS-EC2/{access}`, with the secret. */
export function showEc2Credential(call: Call, state: Identity, userId: string, access: string): Reply {
  const caller = callerOf(call, state)
  const credential = find(access, state)
  const readsAll = caller.scope.kind === 'system' && hasRole(caller, 'reader')
  // Whose it is counts, not who is named in the path.
  if (!readsAll) ownerOnly(caller, credential.user, 'identity:ec2_get_credential')
  refuseUnknownUser(userId, state)
  refuseDelegated(caller)
  return resource(200, { credential: describe(credential, state) })
}

/** `DELETE /v3/users/{id}/credentials/OS-EC2/{access}`. */
export function deleteEc2Credential(call: Call, state: Identity, userId: string, access: string): Reply {
  const caller = callerOf(call, state)
  ownerOnly(caller, find(access, state).user, 'identity:ec2_delete_credential')
  refuseUnknownUser(userId, state)
  refuseDelegated(caller)
  state.ec2Credentials.delete(access)
  state.keeper?.note(['ec2', access], undefined)
  return noContent()
}

function find(access: string, { ec2Credentials }: Identity): Ec2Credential {
  const credential = ec2Credentials.get(access)
  if (credential !== undefined) return credential
  const id = createHash('sha256').update(access).digest('hex')
  throw new Refusal(404, `Could not find credential: ${id}.`)
}

function ownerOnly(caller: Token, userId: string, action: string): void {
  if (caller.user.id !== userId && !hasRole(caller, 'admin')) throw forbidden(action)
}

function refuseUnknownUser(userId: string, { directory }: Identity): void {
  if (!directory.users.has(userId)) throw new Refusal(404, `Could not find user: ${userId}.`)
}

function refuseDelegated({ applicationCredential, trust }: Token): void {
  if (applicationCredential ?? trust) throw forbidden('Delegated tokens cannot access credentials directly')
}

function describe({ user, project, access, secret }: Ec2Credential, { base }: Identity): object {
  const self = `${base}/identity/v3/users/${user}/credentials/OS-EC2/${access}`
  return { user_id: user, tenant_id: project, access, secret, trust_id: null, links: { self } }
}
