import type { HttpRequest } from '../../model/exchange.ts'
import type { RecipeStep } from '../../model/recipe.ts'
import type { StepContext } from '../../model/step.ts'
import { requestLine, writtenLine } from '../../steps/request/line.ts'
import { withoutQuery } from './resource.ts'

/** The deferred steps of a step that delete something. */
export function deletingSteps(step: RecipeStep): readonly RecipeStep[] {
  return step.defer.filter(
    ({ traits, input }) => traits.sendsRequest && writtenLine(input).method === 'DELETE',
  )
}

/**
 * The URLs that a step's deferred steps would delete now. None where one of them cannot be told: it reads what the
 * step's own answer brings, or it is repeated with `for-each`.
 */
export function deletedUrls(step: RecipeStep, context: StepContext, answered: boolean): readonly string[] {
  const deleting = deletingSteps(step)
  if (deleting.some(({ forEach }) => forEach !== undefined)) return []
  // An earlier step may have set the same name, and what that one made is not to be deleted twice.
  if (!answered && deleting.some((one) => readsAnswerOf(step, one))) return []
  try {
    return deleting.map(({ input }) => withoutSignature(requestLine(input, context).url))
  } catch {
    // What is not known cannot be written down; the deferred step tells why when it runs.
    return []
  }
}

// Whoever has a token needs no signature, and no ledger is to hold one.
function withoutSignature(url: string): string {
  const [, ...fields] = url.split(/[?&]/)
  const isSigned = fields.some((field) => /sig|token|key|secret|passw/i.test(field.replace(/=.*$/s, '')))
  return isSigned ? withoutQuery(url) : url
}

function readsAnswerOf({ captures }: RecipeStep, deleting: RecipeStep): boolean {
  const set = new Set(['response', 'steps', ...captures.map(({ name }) => name)])
  return deleting.reads.some(({ path: [name] }) => set.has(String(name)))
}

/** The name that a request's JSON gives to what it creates: `{"server": {"name": …}}`, `{"stack_name": …}`. */
export function nameInBody({ body }: HttpRequest): string | undefined {
  const json = body?.kind === 'text' ? body.json : undefined
  if (!isMapping(json)) return undefined
  for (const fields of [json, ...Object.values(json)]) {
    if (!isMapping(fields)) continue
    const name = fields.name ?? fields.stack_name
    if (typeof name === 'string' && name !== '') return name
  }
  return undefined
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
