import type { CurlName } from '../../http/curl-line/curl-splice.ts'
import type { Cloud } from '../../model/cloud.ts'
import { permissionKinds } from '../../model/permission.ts'
import type { Plan, PlannedInput, PlannedPermission, PlannedStep } from '../../model/plan.ts'
import type { Json, Recipe, RecipeInput, RecipeStep } from '../../model/recipe.ts'
import { revokeRequest } from '../../openstack/auth/token-requests.ts'
import { fileInputsOf, fromFolder } from '../../recipe/choose/file-inputs.ts'
import { permissionsOf } from '../../recipe/read/permissions.ts'
import { originOf } from '../../util/origin.ts'
import { jsonText } from '../../util/parse-json.ts'
import { renderSymbolically } from '../symbolic-step.ts'
import { type FacedVerb, loadFaces } from '../verb-faces.ts'
import { planCloud } from './plan-cloud.ts'
import type { PlanWriting } from './plan-step.ts'
import { planStep, toLines } from './plan-step.ts'
import type { PlannedToken } from './plan-verb.ts'
import { createShellNames } from './shell-names.ts'

/** What a plan is made for. */
export type PlanOptions = {
  readonly verbs: readonly FacedVerb[]
  /** Without one, curl lines read all credentials from OS_* variables. */
  readonly cloud: Cloud | undefined
  /** Values of inputs, as far as there are any. */
  readonly inputs: Readonly<Record<string, Json>>
  /** Public URLs that stand as variables in curl lines. */
  readonly urlNames: readonly CurlName[]
  /** Say what the options of curl lines are for. */
  readonly explainCurl: boolean
  /** Other recipes of the run may get the same token, or have got it. */
  readonly sharesTokens: boolean
  /** The run would leave its tokens alive. */
  readonly keepTokens: boolean
}

/** Writes down all that a recipe would do, step by step with the curl lines, and what is done at the end. Nothing is sent. */
export async function planRecipe(recipe: Recipe, options: PlanOptions): Promise<Plan> {
  const { verbs, cloud, urlNames, explainCurl } = options
  const at = recipe.steps[0]?.at ?? { file: recipe.file, line: 1, column: 1 }
  // Secrets stay names, though they may have been given.
  const secret = new Set(recipe.inputs.flatMap((input) => (input.secret ? [input.name] : [])))
  const inputs = Object.fromEntries(Object.entries(options.inputs).filter(([name]) => !secret.has(name)))
  const names = createShellNames(jsonText([recipe, inputs, cloud]), inputs)
  const state = {
    names,
    cloud: planCloud(cloud, names, at),
    isKnownCloud: cloud !== undefined,
    sharesTokens: options.sharesTokens,
    tokens: [],
    hasToken: false,
  }
  const { directory } = recipe
  const fileInputs = fileInputsOf(recipe)
  const faces = await loadFaces(verbs, 'explain')
  const writing: PlanWriting = { state, verbs, faces, directory, fileInputs, urlNames, explainCurl }
  const steps = await planSteps(numbered(recipe), writing)
  return {
    recipe: recipe.name,
    file: recipe.file,
    ...(recipe.description !== undefined && { description: recipe.description.trim() }),
    ...(cloud?.name !== undefined && { cloud: cloud.name }),
    inputs: recipe.inputs.map((input) => plannedInput(input, inputs)),
    permissions: plannedPermissions(recipe, options),
    steps,
    cleanup: [
      ...withNewToken(await deferredSteps(numbered(recipe), writing), writing.state.tokens),
      ...revocations(writing, options.keepTokens),
    ],
  }
}

function plannedPermissions(recipe: Recipe, { verbs, cloud }: PlanOptions): readonly PlannedPermission[] {
  const urls =
    cloud === undefined
      ? []
      : [
          cloud.credentials.kind === 'keystone' ? cloud.credentials.authUrl : cloud.credentials.endpoint,
          ...Object.values(cloud.endpointOverrides),
        ]
  return permissionsOf(recipe, verbs, urls.map(originOf)).map(({ kind, what, at }) => {
    const { flag } = permissionKinds[kind]
    return {
      kind,
      what,
      at: `${at.file}:${at.line}:${at.column}`,
      ...(flag !== undefined && { flag }),
    }
  })
}

function plannedInput(
  { name, description, required, secret }: Recipe['inputs'][number],
  inputs: Readonly<Record<string, Json>>,
): PlannedInput {
  const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined
  return {
    name,
    ...(description !== undefined && { description }),
    required,
    secret,
    ...(value !== undefined && { value }),
  }
}

type Numbered = { readonly step: RecipeStep; readonly number: string }

function numbered({ steps }: Recipe, before = ''): readonly Numbered[] {
  return steps.map((step, index) => ({ step, number: `${before}${index + 1}` }))
}

// Each step, and after one that includes a recipe the steps of that.
async function planSteps(steps: readonly Numbered[], writing: PlanWriting): Promise<readonly PlannedStep[]> {
  const planned: PlannedStep[] = []
  for (const one of steps) {
    planned.push(await planStep(one.step, one.number, writing))
    planned.push(...(await withinIncluded(one, writing, planSteps)))
  }
  return planned
}

// Plans what the recipe that a step includes has, with its own inputs; a secret one stays a name.
async function withinIncluded(
  { step, number }: Numbered,
  writing: PlanWriting,
  plan: (steps: readonly Numbered[], writing: PlanWriting) => Promise<readonly PlannedStep[]>,
): Promise<readonly PlannedStep[]> {
  const { included, verb } = step
  if (included === undefined) return []
  const { names } = writing.state
  const given = writing.verbs.find((one) => one.verb === verb)?.includes?.(step.input).with ?? {}
  const rendered = renderSymbolically(given, step, names, ['with']) as Readonly<Record<string, Json>>
  // A path starts from the folder of the recipe that gives it, unless only the run knows it.
  const located = (value: Json, input: RecipeInput): Json =>
    typeof value === 'string' && typeof names.cut(value)[0] === 'object'
      ? value
      : fromFolder(value, input, writing.directory)
  const inputs = included.inputs.flatMap((input) => {
    const { name, secret, default: own } = input
    const value = Object.hasOwn(rendered, name) ? located(rendered[name] ?? null, input) : own
    return secret || value === undefined ? [] : [[name, value] as const]
  })
  const leave = names.enter(Object.fromEntries(inputs))
  try {
    return await plan(numbered(included, `${number}/`), {
      ...writing,
      directory: included.directory,
      fileInputs: fileInputsOf(included),
    })
  } finally {
    leave()
  }
}

// In the order of a run: those of the last step first, those of one step as they stand, then those that they defer.
async function deferredSteps(
  deferring: readonly Numbered[],
  writing: PlanWriting,
): Promise<readonly PlannedStep[]> {
  const planned: PlannedStep[] = []
  for (const { step, number } of deferring.toReversed()) {
    const more: Numbered[] = []
    const conditions = [
      `once step ${number} has done its work${step.forEach === undefined ? '' : ', for each item of it'}`,
    ]
    for (const [index, deferred] of step.defer.entries()) {
      const own = `${number}.${index + 1}`
      planned.push(await planStep(deferred, own, writing, conditions))
      more.push({ step: deferred, number: own })
    }
    planned.push(...(await deferredSteps(more, writing)))
    planned.push(...(await withinIncluded({ step, number }, writing, deferredSteps)))
  }
  return planned
}

// Deferred steps need a token, also where the recipe has revoked its own.
function withNewToken(
  [first, ...rest]: readonly PlannedStep[],
  tokens: readonly PlannedToken[],
): readonly PlannedStep[] {
  if (first === undefined) return []
  const isRevoked = tokens.findLast(({ variable }) => variable === 'token')?.isRevoked === true
  const remark = 'The recipe has revoked its token by then: a new one is got first, and revoked at the end.'
  return [isRevoked ? { ...first, remarks: [remark, ...first.remarks] } : first, ...rest]
}

function revocations(writing: PlanWriting, keepTokens: boolean): readonly PlannedStep[] {
  return writing.state.tokens.toReversed().map(({ variable, text, identityUrl, keep, isRevoked }) => {
    const conditions = isRevoked ? ['only if no step has revoked it by then'] : []
    const step = { id: `revoke-${variable}`, verb: 'revoke', conditions, expects: [], sets: [] }
    const name = `the token "${variable}"`
    if (keepTokens || keep)
      return {
        ...step,
        title: `keep ${name}`,
        does: ['it lives until it expires'],
        requests: [],
        remarks: [],
      }
    const { requests, refused } = toLines(
      [revokeRequest(identityUrl, { token: text, subject: text })],
      writing,
    )
    return { ...step, title: `revoke ${name}`, does: [], requests, remarks: refused }
  })
}
