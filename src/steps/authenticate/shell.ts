import { cannotExport } from '../../export/cannot-export.ts'
import type { ShellVerb, VerbWriting } from '../../export/shell/step/shell-verb.ts'
import { writeStep } from '../../export/shell/step/step-writing.ts'
import { isOwnMethods, isOwnScope, refuseUnknown } from '../../export/shell/symbolic-cloud.ts'
import { variableOf } from '../../export/shell/values/variable-names.ts'
import { quoteProgram, quoteText } from '../../export/shell/values/words.ts'
import type { Credentials } from '../../model/cloud.ts'
import type { Json, RecipeStep } from '../../model/recipe.ts'
import { authBody } from '../../openstack/auth/auth-body.ts'

type Keystone = Extract<Credentials, { readonly kind: 'keystone' }>

/** A token: a function that prints the body, and the call that sends it. */
export const shell: ShellVerb = {
  sets: (step) => ({ [nameOf(step)]: 'file' }),
  async write(writing) {
    const { step } = writing
    const asked = (await writing.symbolic()).authentication
    if (asked?.credentials.kind !== 'keystone') throw cannotExport('This kind of cloud', step.at)
    const { credentials, options } = asked
    const body = bodyFunction(credentials, writing)
    writing.need('authenticate')
    const [first] = credentials.methods
    writing.must(
      [
        'authenticate',
        variableOf(options.variable),
        body,
        writing.word(credentials.authUrl),
        options.catalog ? "''" : quoteText('?nocatalog'),
        options.keep ? 'keep' : "''",
        ...(first?.kind === 'token' ? [writing.word(`X-Auth-Token: ${first.token}`)] : []),
      ].join(' '),
    )
  },
}

function bodyFunction(credentials: Keystone, writing: VerbWriting): string {
  const { step, parts } = writing
  const lines: string[] = []
  const body = writeStep(step, parts, 'return', lines)
  const environment = bodyOfEnvironment(credentials, writing)
  const program =
    environment === undefined
      ? body.jq(authBody(credentials) as unknown as Json)
      : environment.map((part) => (typeof part === 'string' ? part : body.jq(part.json))).join('')
  if (environment === undefined) {
    refuseUnknown(authBody(credentials), step.at)
    lines.push(`${body.environment()}jq -cnj ${quoteProgram(program)}`)
  } else {
    body.need('environment_auth')
    if (program === '') return 'environment_auth'
    lines.push(
      `environment_auth >"$work/environment" || return "$?"`,
      `${body.environment()}jq -cj ${quoteProgram(program)} "$work/environment"`,
    )
  }
  return addFunction(lines, parts.functions)
}

type ProgramPart = string | { readonly json: Json }

// Where no cloud is named, what the step does not say comes out of the environment.
function bodyOfEnvironment(credentials: Keystone, writing: VerbWriting): readonly ProgramPart[] | undefined {
  if (writing.isKnownCloud) return undefined
  const { methods, scope } = credentials
  const { auth } = authBody(credentials)
  const ownMethods = isOwnMethods(methods)
  const ownScope = isOwnScope(scope)
  if (ownMethods && ownScope) return []
  if (!ownMethods && (!ownScope || auth.scope === undefined)) return undefined
  if (ownMethods) {
    refuseUnknown(auth.scope, writing.step.at)
    const change: readonly ProgramPart[] =
      auth.scope === undefined ? ['del(.auth.scope)'] : ['.auth.scope = ', { json: auth.scope as Json }]
    return ['if .auth.identity.application_credential then . else ', ...change, ' end']
  }
  refuseUnknown(auth.identity, writing.step.at)
  return ['.auth.identity = ', { json: auth.identity as Json }]
}

function addFunction(lines: readonly string[], functions: string[]): string {
  const text = lines.map((line) => `  ${line}`).join('\n')
  const known = functions.findIndex((one) => one.slice(one.indexOf('{')) === `{\n${text}\n}`)
  const name = (index: number): string => (index === 0 ? 'auth_body' : `auth_body_${index + 1}`)
  if (known >= 0) return name(known)
  functions.push(`${name(functions.length)}() {\n${text}\n}`)
  return name(functions.length - 1)
}

function nameOf({ input }: RecipeStep): string {
  return typeof input === 'object' && input !== null && 'as' in input ? String(input.as) : 'token'
}
