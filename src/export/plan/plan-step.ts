import { checkRequest } from '../../http/check-request.ts'
import type { CurlOptions } from '../../http/curl-line/curl.ts'
import { explainCurl, toCurl } from '../../http/curl-line/curl.ts'
import type { CurlName } from '../../http/curl-line/curl-splice.ts'
import type { HttpRequest } from '../../model/exchange.ts'
import type { PlannedRequest, PlannedStep } from '../../model/plan.ts'
import { OsrunError } from '../../model/problem.ts'
import type { RecipeStep } from '../../model/recipe.ts'
import type { Verb } from '../../model/step.ts'
import { runSymbolically } from '../symbolic-step.ts'
import type { PlanState, PlanVerb, VerbPlan } from './plan-verb.ts'
import { stepWords } from './step-words.ts'

/** How steps are written down. */
export type PlanWriting = {
  readonly state: PlanState
  readonly verbs: readonly Verb[]
  /** What each verb says of its steps. */
  readonly faces: ReadonlyMap<string, PlanVerb>
  readonly directory: string
  /** The inputs of the recipe that name files. */
  readonly fileInputs: ReadonlySet<string>
  /** Public URLs that stand as variables in curl lines. */
  readonly urlNames: readonly CurlName[]
  /** Say what the options of curl lines are for. */
  readonly explainCurl: boolean
}

/** Writes down one step, and remembers in the state what it changes for those after it. */
export async function planStep(
  step: RecipeStep,
  number: string,
  writing: PlanWriting,
  conditions: readonly string[] = [],
): Promise<PlannedStep> {
  const verb = writing.verbs.find((one) => one.verb === step.verb)
  const plan = await planVerb(verb, step, writing)
  const { requests, refused } = toLines(plan.requests ?? [], writing)
  return {
    number,
    id: step.id,
    verb: step.verb,
    title: titleOf(step, writing.verbs),
    ...(step.note !== undefined && { note: step.note.trim() }),
    conditions: [...conditions, ...stepWords(step, (deferred) => titleOf(deferred, writing.verbs))],
    does: plan.does ?? [],
    requests,
    remarks: [...writing.state.names.takeRemarks(), ...refused, ...(plan.remarks ?? [])],
    expects: plan.expects ?? [],
    sets: [
      ...(verb?.sets(step.input) ?? []).map((name) => ({ name })),
      ...step.captures.map(({ name, from, pattern }) => ({
        name,
        from: pattern === undefined ? from : `${from}, /${pattern}/`,
      })),
    ],
  }
}

/** The curl lines of requests; one that could not be sent is told instead. */
export function toLines(
  asked: readonly HttpRequest[],
  { state, urlNames, explainCurl: isExplained }: PlanWriting,
): { readonly requests: readonly PlannedRequest[]; readonly refused: readonly string[] } {
  const names = [...urlNames, ...state.names.names()]
  const options: CurlOptions = { names, tls: state.cloud.tls }
  const requests: PlannedRequest[] = []
  const refused: string[] = []
  for (const request of asked) {
    const problem = problemOf(request, state)
    if (problem === undefined)
      requests.push({
        curl: toCurl(request, options),
        ...(isExplained && { glosses: explainCurl(request, options) }),
      })
    else refused.push(`This would not be sent: ${problem}`)
  }
  return { requests, refused }
}

async function planVerb(
  verb: Verb | undefined,
  step: RecipeStep,
  { state, faces, directory, fileInputs }: PlanWriting,
): Promise<VerbPlan> {
  const plan = faces.get(step.verb)
  if (verb === undefined || plan === undefined)
    return { remarks: ['What this step does cannot be told before the run.'] }
  const parts = { placeholders: state.names, cloud: state.cloud, directory, fileInputs }
  try {
    return await plan({ step, state, symbolic: () => runSymbolically(verb, step, parts) })
  } catch (error) {
    if (!(error instanceof OsrunError)) throw error
    return { remarks: [`This step cannot be told before the run: ${error.message}`] }
  }
}

// A URL that starts with a name is whole only in the run.
function problemOf(request: HttpRequest, { names }: PlanState): string | undefined {
  try {
    checkRequest(
      typeof names.cut(request.url)[0] === 'object' ? { ...request, url: 'http://name/' } : request,
    )
    return undefined
  } catch (error) {
    if (!(error instanceof OsrunError)) throw error
    return error.message
  }
}

function titleOf(step: RecipeStep, verbs: readonly Verb[]): string {
  return step.name ?? verbs.find(({ verb }) => verb === step.verb)?.title(step.input) ?? step.verb
}
