import { expectationWords } from '../../export/plan/expectation-words.ts'
import type { PlanState, PlanVerb } from '../../export/plan/plan-verb.ts'
import type { HeaderList, HttpRequest } from '../../model/exchange.ts'
import type { Json } from '../../model/recipe.ts'

/** The request as a run would send it. */
export const explain: PlanVerb = async ({ step, state, symbolic }) => {
  const asked = (await symbolic()).request?.request
  const input = (typeof step.input === 'object' ? (step.input ?? {}) : {}) as { readonly [key: string]: Json }
  const expected = input.expect === undefined ? 'below 400' : expectationWords(input.expect)
  const expects = [{ subject: 'status', expected }]
  if (asked === undefined) return { expects }
  const headers = asked.headers.flatMap((header) => withCredentials(header, state))
  const carries = headers.some(([name, value]) => /^x-auth-token$/i.test(name) && isToken(value, state))
  return {
    requests: [{ ...asked, headers }],
    expects,
    remarks: [
      ...(input.microversion !== undefined && step.defaulted.includes('microversion')
        ? [`It asks for microversion ${String(input.microversion)} where the service has some.`]
        : []),
      ...(carries && input.token !== true ? tokenRemarks(asked, state) : []),
      ...(asked.body?.kind === 'text' && asked.body.json !== undefined ? typeRemarks(asked, state) : []),
    ],
  }
}

// The symbolic context gives every request a token; a run has one only after `authenticate`.
function withCredentials([name, value]: HeaderList[number], state: PlanState): HeaderList {
  if (!/^x-auth-token$/i.test(name) || !isToken(value, state) || state.hasToken) return [[name, value]]
  return state.basic === undefined ? [] : [['Authorization', `Basic ${state.basic}`]]
}

function isToken(value: string, { names }: PlanState): boolean {
  const [only, more] = names.cut(value)
  return more === undefined && typeof only === 'object' && only.read.name === 'token'
}

function tokenRemarks({ url }: HttpRequest, { names, tokens }: PlanState): readonly string[] {
  const isOwn = tokens.some(({ identityUrl }) => url.startsWith(identityUrl))
  if (isOwn || typeof names.cut(url)[0] === 'object') return []
  return [`The token goes along only if the catalog names ${new URL(url).origin}.`]
}

// jq takes what it reads from a variable for a text.
function typeRemarks({ body }: HttpRequest, { names }: PlanState): readonly string[] {
  if (body?.kind !== 'text') return []
  const variables = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit)
    const [only, more] = typeof value === 'string' ? names.cut(value) : []
    if (typeof only !== 'object' || more !== undefined || only.form !== 'value') return
    if (!/^(token|endpoint|env|run)$/.test(String(only.read.path[0]))) variables.add(only.read.name)
  }
  visit(body.json)
  const [first, ...more] = [...variables].map((name) => `\${${name}}`)
  if (first === undefined) return []
  const keep = more.length === 0 ? 'keeps its type' : 'keep their types'
  return [`${[first, ...more].join(', ')} ${keep} in the body: a number stays a number.`]
}
