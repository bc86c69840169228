import { headerOf } from '../../model/exchange.ts'
import { isSecretName } from '../../util/secret-names.ts'
import { withoutEndSlashes } from '../../util/text/text-end.ts'
import type { Conversation, Recorded, RecordedRequest } from '../conversation.ts'
import type { Draft } from '../draft.ts'
import { reference, referencesOf } from '../reference.ts'
import { openNames } from './draft-names.ts'
import type { KnownCloud } from './known-cloud.ts'
import { addLogin, addRevocation, addTokenRequest } from './login-steps.ts'
import { collectPathInputs } from './path-inputs.ts'
import { addPlain } from './request-steps.ts'
import { collectSecrets, fieldWithoutSecret, type SecretInputs, textWithoutSecrets } from './secret-inputs.ts'
import { placeUrl } from './service-places.ts'
import type { Understanding } from './understanding.ts'

/**
 * Makes steps of a conversation: token requests become one `authenticate`, URLs of services `pick-endpoint`
 * and a path, revocations `revoke`; what is secret becomes an input.
 *
 * @param known the cloud whose catalog decides; without one, services are guessed
 */
export function understand(conversation: Conversation, known?: KnownCloud): Draft {
  const names = openNames()
  const secrets = collectSecrets((name) => names.claim(name, true))
  const { recorded } = conversation
  const places = {
    known,
    identityUrls: new Set([reference('OS_AUTH_URL')]),
    filters: new Map<string, string>(),
  }
  for (const one of recorded) lookAhead(one, places)
  for (const one of recorded) if (one.kind === 'request') takeSecrets(one, secrets)
  const urls = recorded.flatMap((one) => (one.kind === 'request' ? [placeUrl(one.url, places)] : []))
  const state: Understanding = {
    ...places,
    names,
    secrets,
    paths: collectPathInputs(urls, { names, secrets }),
    steps: [],
    notes: [...conversation.notes],
    logins: [],
    tokens: new Map(),
    endpoints: new Map(),
  }
  const hasLogins = recorded.some((one) => one.kind === 'login')
  for (const one of recorded) {
    if (one.kind === 'login') addLogin(null, state)
    else if (!(hasLogins && isDiscovery(one, state))) addRequest(one, state)
  }
  const used = JSON.stringify(state.steps)
  return {
    inputs: names.inputs.filter(({ name }) => used.includes(`\${${name}}`)),
    steps: state.steps,
    notes: state.notes,
  }
}

// All secrets are known before the first text is written: one may stand where another request shows it plainly.
function takeSecrets({ url, headers, body, answer }: RecordedRequest, secrets: SecretInputs): void {
  for (const [name, value] of [...headers, ...(answer?.headers ?? [])])
    if (isSecretName(name) && value !== '' && referencesOf(value).length === 0)
      secrets.take(value, name.toLowerCase().replace(/^x-(auth|subject)-token$/, '$1-token'))
  textWithoutSecrets(url, secrets)
  if (body?.kind === 'text') textWithoutSecrets(body.text, secrets)
  if (body?.kind === 'multipart')
    for (const part of body.parts) if ('text' in part) fieldWithoutSecret(part.name, part.text, secrets)
}

// The second version of the API is gone; whoever asks it means a login.
const tokensPath = /\/?(auth|v2\.0)\/tokens\/?(\?.*)?$/

function lookAhead(
  one: Recorded,
  { identityUrls, filters }: Pick<Understanding, 'identityUrls' | 'filters'>,
): void {
  if (one.kind === 'login' || (one.method === 'POST' && tokensPath.test(one.url)))
    identityUrls.add(one.url.replace(tokensPath, ''))
  if (one.kind === 'request' && one.result !== undefined)
    filters.set(one.result.reference, one.result.filters)
}

// Clients ask a service for its versions before they have a token; osrun does so by itself.
function isDiscovery({ method, url, headers }: RecordedRequest, { identityUrls }: Understanding): boolean {
  const base = withoutEndSlashes(url)
  return (
    method === 'GET' &&
    headerOf(headers, 'X-Auth-Token') === undefined &&
    [...identityUrls].some((one) => one === base || one.startsWith(`${base}/v3`))
  )
}

function addRequest(request: RecordedRequest, state: Understanding): void {
  const { method, url } = request
  if (method === 'POST' && tokensPath.test(url)) addTokenRequest(request, state)
  else if (method === 'DELETE' && tokensPath.test(url) && placeUrl(url, state).kind === 'identity')
    addRevocation(request, state)
  else addPlain(request, state)
}
