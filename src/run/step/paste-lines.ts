import { bodyLine, headerLine, madeUpLine, statusLine, valueLine } from '../../http/curl-line/paste.ts'
import type { Capture } from '../../model/recipe.ts'
import type { TempUrlGrant } from '../../model/temp-url.ts'
import { simpleJqPath } from '../../recipe/template/jq-path.ts'
import { jsonText } from '../../util/parse-json.ts'
import { answerVariable, loginVariable } from '../send/link.ts'
import type { RunParts } from './run-parts.ts'

type ShellParts = Pick<RunParts, 'kept' | 'masker'>

/** The line of a shell that sets an endpoint: by jq out of the answer to the login, where that is at hand and has it. */
export function endpointLine(
  { kept, masker }: ShellParts,
  { name, value, jq }: { readonly name: string; readonly value: string; readonly jq: string | undefined },
): string | undefined {
  const variable = name.replaceAll('-', '_')
  const login = loginVariable('token')
  if (jq !== undefined && kept.has(login)) return bodyLine(variable, login, jq)
  return masker.mask(value) === value ? valueLine(variable, value) : undefined
}

/** The line of a shell that takes what a step captures out of its answer; a value that jq has no short words for is written out. */
export function captureLine(
  { kept, masker }: ShellParts,
  { name, from, pattern }: Capture,
  value: unknown,
): string | undefined {
  const variable = name.replaceAll('-', '_')
  const answer = answerVariable
  if (pattern === undefined && kept.has(answer)) {
    if (from === 'status') return statusLine(variable, answer)
    if (from === 'body') return bodyLine(variable, answer)
    if (from.startsWith('headers.')) return headerLine(variable, answer, from.slice('headers.'.length))
    const path = simpleJqPath(from)
    if (path?.singular === true) return bodyLine(variable, answer, path.filter)
  }
  const text = typeof value === 'string' ? value : jsonText(value)
  return masker.mask(text) === text ? valueLine(variable, text) : undefined
}

/**
 * The lines of a shell, in one, that sign a URL as this grant says, from the time at which they are pasted; none for what is
 * granted to a prefix or an address, and for a name that has to be encoded. A key that has no variable is one that the recipe
 * makes up: any other will do as well.
 */
export function signedLine(
  { kept, masker, urlNames, now }: ShellParts & Pick<RunParts, 'urlNames' | 'now'>,
  name: string,
  { url, method, key, expires, digest, prefix, ipRange }: TempUrlGrant,
): string | undefined {
  const [, path = ''] = /^https?:\/\/[^/]+.*?(\/v1\/[\w./-]+)$/.exec(url) ?? []
  if (kept.size === 0 || path === '' || prefix !== undefined || ipRange !== undefined) return undefined
  const variable = name.replaceAll('-', '_')
  const known = masker.names().find(({ value }) => value === key)?.variable
  const keyVariable = known ?? `${variable}_key`
  masker.learn(key, keyVariable)
  const start = urlNames.find(({ value, secret }) => !secret && url.startsWith(`${value}/`))
  const written = start === undefined ? url : `$${start.variable}${url.slice(start.value.length)}`
  const life = Math.max(1, expires - Math.floor(now() / 1000))
  return [
    ...(known === undefined ? [madeUpLine(keyVariable)] : []),
    `until=$(($(date +%s) + ${life}))`,
    `${variable}="${written}?temp_url_sig=$(printf '${method}\\n%s\\n%s' "$until" ${path} | openssl dgst -${digest} -hmac "$${keyVariable}" | sed 's/.* //')&temp_url_expires=$until"`,
  ].join('; ')
}
