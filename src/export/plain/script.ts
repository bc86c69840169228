import { tlsArguments } from '../../http/curl-line/curl-arguments.ts'
import type { Cloud } from '../../model/cloud.ts'
import type { Json, Recipe, RecipeStep } from '../../model/recipe.ts'
import { fromFolder } from '../../recipe/choose/file-inputs.ts'
import { variableOf } from '../../util/environment-name.ts'
import { jsonText } from '../../util/parse-json.ts'
import { createPlaceholders } from '../placeholder.ts'
import { planCloud } from '../plan/plan-cloud.ts'
import { nameKinds } from '../shell/values/variable-names.ts'
import { quoteText } from '../shell/values/words.ts'
import { type FacedVerb, loadFaces } from '../verb-faces.ts'
import { usesOf, writeCaptures } from './answers.ts'
import { foldCommand, foldComment } from './layout.ts'
import { notPlain } from './not-plain.ts'
import type { PlainState } from './state.ts'
import { inputLine, type PlainVerb, writePlainly } from './writing.ts'

/** What a plain script is made for. */
export type PlainExport = {
  readonly verbs: readonly FacedVerb[]
  /** Whose names stand in the script; without one it reads OS_* variables. Secrets it always reads. */
  readonly cloud: Cloud | undefined
}

/**
 * Writes a recipe as a short script for a board: commands one after the other, without functions, that curl and jq do. It
 * ends at the first that fails, and revokes its token however it ends.
 *
 * @throws OsrunError EXPORT_IMPOSSIBLE, with the step's place, for what cannot be said so
 */
export async function toPlainScript(recipe: Recipe, { verbs, cloud }: PlainExport): Promise<string> {
  const at = recipe.steps[0]?.at ?? { file: recipe.file, line: 1, column: 1 }
  const placeholders = createPlaceholders(jsonText([recipe, cloud?.valueSources]))
  refuseNames(recipe)
  const state: PlainState = {
    recipe,
    verbs,
    placeholders,
    cloud: planCloud(cloud, placeholders, at),
    isKnownCloud: cloud !== undefined,
    needed: new Set(),
    kinds: new Map(recipe.inputs.map((input) => [variableOf(input.name), kindOf(input.default)] as const)),
    encoded: new Map(),
    tokens: new Set(),
    body: 'body',
    isShown: false,
    found: new Map(),
  }
  const steps: string[] = []
  const faces = await loadFaces(verbs, 'plain')
  for (const index of recipe.steps.keys()) steps.push('', ...(await stepLines(index, state, faces)))
  return `${[...header(recipe), ...variables(state, cloud), ...ending(state), ...steps].join('\n')}\n`
}

function refuseNames(recipe: Recipe): void {
  nameKinds(recipe, ({ sets, captures }) =>
    Object.fromEntries(
      sets
        .filter((one) => !/^(response|catalog)$/.test(one) && !captures.some(({ name }) => name === one))
        .map((one) => [one, 'file'] as const),
    ),
  )
  for (const { name, at } of [...recipe.inputs, ...recipe.steps.flatMap(({ captures }) => captures)])
    if (/^(keystone|found|status)$/.test(name))
      throw notPlain(`The name "${name}", which a plain script uses itself,`, at)
}

function kindOf(value: Json | undefined): 'text' | 'json' {
  return value === undefined || typeof value === 'string' ? 'text' : 'json'
}

async function stepLines(
  index: number,
  state: PlainState,
  faces: ReadonlyMap<string, PlainVerb>,
): Promise<readonly string[]> {
  const { steps } = state.recipe
  const step = steps[index]
  if (step === undefined) return []
  refuseKeys(step)
  const write = faces.get(step.verb)
  const verb = state.verbs.find(({ verb }) => verb === step.verb)
  if (write === undefined || verb === undefined) throw notPlain(`A step "${step.verb}"`, step.at)
  const after = steps.slice(index + 1)
  const lines: string[] = []
  const writing = writePlainly(step, state, { uses: usesOf(step, after), isLast: after.length === 0, lines })
  if (step.sets.includes('response')) state.found.clear()
  const title = `${index + 1}. ${step.name ?? verb.title(step.input)}`
  await write(writing)
  writeCaptures(writing)
  return [...foldComment(sentences(title, step.note)), ...lines]
}

function sentences(...texts: readonly (string | undefined)[]): string {
  return texts
    .flatMap((text) => (text === undefined || text.trim() === '' ? [] : [text.trim()]))
    .map((text) => (/[.!?:]$/.test(text) ? text : `${text}.`))
    .join(' ')
}

// What of a step is more than one command after the other.
function refuseKeys(step: RecipeStep): void {
  const { when, forEach, polling, retry, defer, allowFailure, at } = step
  const keys: readonly (readonly [string, boolean])[] = [
    ['when', when !== undefined],
    ['for-each', forEach !== undefined],
    ['until', polling !== undefined],
    ['retry', retry !== undefined],
    ['defer', defer.length > 0],
    ['allow-failure', allowFailure],
  ]
  for (const [key, isThere] of keys) if (isThere) throw notPlain(`A step with "${key}"`, at)
}

function header({ name, description, file }: Recipe): readonly string[] {
  return [
    '#!/bin/sh',
    ...foldComment(sentences(name, description)),
    ...foldComment(`Made by osrun export --plain from ${file}.`),
    'set -eu',
  ]
}

// What the script takes from its caller, and what it makes of that before its first step.
function variables(
  { recipe, needed, encoded, isKnownCloud, tokens }: PlainState,
  cloud: Cloud | undefined,
): readonly string[] {
  const inputs = recipe.inputs.flatMap((input) => {
    const { name, secret, default: own } = input
    if (own !== undefined && !(secret && own !== ''))
      return [inputLine(name, fromFolder(own, input, recipe.directory))]
    needed.add(variableOf(name))
    return []
  })
  const identity = tokens.size > 0 ? identityLines(cloud, needed) : []
  const own = isKnownCloud ? [] : environmentLines(needed)
  const reads = [...needed].map((name) => `"\${${name}:?}"`)
  return [
    ...(reads.length === 0 ? [] : foldCommand([':', ...reads])),
    ...own,
    ...inputs,
    ...[...encoded].map(([name, code]) => `${name}=${code}`),
    ...identity,
    ...(recipe.reads.some(({ path: [name] }) => name === 'run') ? ['run_id=$(date +%s)'] : []),
  ]
}

// The URL that ends in /v3, whether the one that is given does or not, and in a slash.
function identityLines(cloud: Cloud | undefined, needed: Set<string>): readonly string[] {
  const { credentials, name } = cloud ?? {}
  const url = credentials?.kind === 'keystone' && name !== 'sandbox' ? credentials.authUrl : undefined
  if (url === undefined) needed.add('OS_AUTH_URL')
  return [
    ...(url === undefined ? [] : [`OS_AUTH_URL=\${OS_AUTH_URL:-${quoteText(url)}}`]),
    'keystone=${OS_AUTH_URL%/} keystone=${keystone%/v3}/v3',
  ]
}

// Names that files of OpenStack set in one of two ways, or leave out where they are as usual.
function environmentLines(needed: Set<string>): readonly string[] {
  const usual: readonly (readonly [string, string])[] = [
    ['OS_PROJECT_NAME', '${OS_TENANT_NAME:?}'],
    ['OS_USER_DOMAIN_NAME', 'Default'],
    ['OS_PROJECT_DOMAIN_NAME', 'Default'],
  ]
  return [
    ...usual.flatMap(([name, value]) =>
      needed.delete(name) ? [`export ${name}="\${${name}:-${value}}"`] : [],
    ),
    'export CURL_CA_BUNDLE="${OS_CACERT-}"',
  ]
}

function ending({ tokens, cloud }: PlainState): readonly string[] {
  const names = [...tokens]
  if (names.length === 0) return ['', 'work=$(mktemp -d)', `trap 'rm -rf "$work"' EXIT`]
  const revocations = names.flatMap((token) =>
    foldCommand([
      `[ ! "$${token}" ] || curl -sS`,
      '-o /dev/null -w "token revoked: %{http_code}\\n"',
      ...tlsArguments(cloud.tls).map(({ option, value }) =>
        value === undefined ? option : `${option} ${quoteText(value)}`,
      ),
      '-X DELETE "$keystone/auth/tokens"',
      `-H "X-Auth-Token: $${token}"`,
      `-H "X-Subject-Token: $${token}"`,
    ]),
  )
  return [
    '',
    '# However the script ends: its answers are removed, its token is revoked.',
    `work=$(mktemp -d) ${names.map((name) => `${name}=''`).join(' ')}`,
    `trap 'rm -rf "$work"`,
    `${revocations.join('\n').replaceAll("'", "'\\''")}' EXIT`,
    `trap 'exit 130' HUP INT TERM`,
  ]
}
