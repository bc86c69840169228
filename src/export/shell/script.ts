import type { Cloud } from '../../model/cloud.ts'
import type { Recipe, RecipeStep } from '../../model/recipe.ts'
import { referencedSteps } from '../../recipe/read/reads.ts'
import { jsonText } from '../../util/parse-json.ts'
import { isSecretVariable } from '../../util/secret-names.ts'
import { createPlaceholders } from '../placeholder.ts'
import { type FacedVerb, loadFaces } from '../verb-faces.ts'
import type { FrameParts } from './frame.ts'
import { frame, programsOf } from './frame.ts'
import { helperTexts } from './helpers/helper-texts.ts'
import { writeInputs } from './inputs.ts'
import { shellVerbOf, writeSteps } from './step/write-steps.ts'
import type { CloudVariable } from './symbolic-cloud.ts'
import { symbolicCloud, unknownCloud } from './symbolic-cloud.ts'
import { nameKinds, type SetBy, variableOf } from './values/variable-names.ts'
import { comment, quoteText } from './values/words.ts'
import type { ScriptParts } from './writing.ts'

/** What an export to shell needs. */
export type ShellExport = {
  readonly verbs: readonly FacedVerb[]
  /** Whose credentials the script reads; without one it finds out from its OS_* variables. */
  readonly cloud: Cloud | undefined
  /** Origins that may get credentials and tokens besides those of their own cloud. */
  readonly allowOrigins?: readonly string[]
}

/**
 * Writes a recipe as one POSIX shell script that needs curl and jq, and has the same verdict and exit status as a run.
 *
 * @throws OsrunError EXPORT_IMPOSSIBLE, with its place, for what a script cannot do
 */
export async function toShellScript(
  recipe: Recipe,
  { verbs, cloud: given, allowOrigins = [] }: ShellExport,
): Promise<string> {
  const placeholders = createPlaceholders(jsonText([recipe, given?.valueSources]))
  const at = recipe.steps[0]?.at ?? { file: recipe.file, line: 1, column: 1 }
  const { cloud, variables } =
    given === undefined
      ? { cloud: unknownCloud(placeholders, at), variables: environmentVariables }
      : symbolicCloud(given, placeholders, at)
  const faces = await loadFaces(verbs, 'shell')
  const setBy: SetBy = (step) => shellVerbOf(step, faces).sets?.(step) ?? {}
  const kinds = new Map([
    ...nameKinds(recipe, setBy),
    ...variables.map(({ name }) => [name, 'text'] as const),
  ])
  const parts: ScriptParts = {
    placeholders,
    kinds,
    read: new Set(),
    helpers: new Set(),
    frame: new Set(),
    functions: [],
    certain: new Set(recipe.inputs.map(({ name }) => name).concat(variables.map(({ name }) => name))),
    unset: new Set(),
  }
  const shared = {
    recipe,
    verbs,
    faces,
    cloud,
    isKnownCloud: given !== undefined,
    referenced: referencedSteps(recipe.reads),
  }
  const steps = await writeSteps(shared, parts)
  const inputs = writeInputs(recipe, parts)
  const set = new Set([...capturedNames(recipe), ...setByVerbs(recipe, setBy)])
  const captured = [...parts.read].filter((name) => set.has(name)).sort()
  const read = new Set(recipe.reads.flatMap(({ path }) => path))
  const credentials = credentialsOf(recipe, parts.helpers.has('authenticate'))
  const has: FrameParts = {
    tokens: parts.helpers.has('authenticate'),
    renews: parts.helpers.has('authenticate') && parts.helpers.has('renew'),
    deferred: parts.frame.has('deferred'),
    keeps: parts.frame.has('keeps'),
    polls: parts.helpers.has('again'),
    retries: parts.helpers.has('retry'),
    runId: parts.read.has('run_id'),
    signs: parts.helpers.has('sign'),
    credentials: parts.helpers.has('authenticate') || credentials.length > 0,
    hashes: read.has('md5') || read.has('sha256'),
    certificates: read.has('certificate'),
  }
  return `${[
    header(recipe, has),
    ...inputs.values,
    ...cloudLines(variables, parts, given, has.tokens),
    '# --- What every script of this kind needs ---',
    frame(has).trim(),
    ...helperTexts(parts.helpers, has),
    ...(parts.functions.length > 0 ? ['# --- What is asked of Keystone ---', ...parts.functions] : []),
    ...(has.credentials ? [credentialLines(credentials, allowOrigins)] : []),
    ...inputs.checks,
    ...(captured.length > 0 ? [captured.map((name) => `${name}=''`).join(' ')] : []),
    ...(parts.unset.size > 0 ? [emptyFiles(parts.unset)] : []),
    '# --- The steps ---',
    ...steps,
  ].join('\n\n')}\n`
}

function header({ name, description, file }: Recipe, has: FrameParts): string {
  const needs = programsOf(has)
    .join(', ')
    .replace(/, (\w+)$/, ' and $1')
  return [
    '#!/bin/sh',
    comment(name),
    ...(description === undefined ? [] : ['#', comment(description)]),
    '#',
    comment(
      `Made by osrun export from ${file}. Needs ${needs}. Exit status: 0 passed, 1 wrong usage, 3 could not ask,`,
    ),
    '# 4 an expectation was not met, 5 authentication or catalog failed, 6 cleaning up failed, 130 interrupted.',
    'set -u',
  ].join('\n')
}

function cloudLines(
  variables: readonly CloudVariable[],
  { read }: ScriptParts,
  given: Cloud | undefined,
  hasTokens: boolean,
): readonly string[] {
  const used = variables.filter(
    ({ name }) => read.has(name) || (hasTokens && /^OS_(INSECURE|CACERT|CERT|KEY)$/.test(name)),
  )
  if (used.length === 0) return []
  const lines = used.map(({ name, value }) =>
    value !== undefined
      ? `${name}=\${${name}-${value === '' ? '' : quoteText(value)}}`
      : given === undefined
        ? `${name}=\${${name}-}`
        : `[ -n "\${${name}-}" ] || { echo ${quoteText(`${name} is not set.`)} >&2; exit 1; }`,
  )
  return [['# --- The cloud ---', ...new Set(lines)].join('\n')]
}

/** What a script reads of its environment when no cloud was named, besides what `environment_auth` does. */
const environmentVariables: readonly CloudVariable[] = [
  { name: 'OS_AUTH_URL', value: '' },
  { name: 'OS_REGION_NAME', value: '' },
  { name: 'OS_INTERFACE', value: 'public' },
]

// The variables whose values are secrets: those that the recipe reads, and those that a login does.
function credentialsOf(recipe: Recipe, logsIn: boolean): readonly string[] {
  const read = recipe.reads.flatMap(({ path: [root, name = ''] }) => (root === 'env' ? [String(name)] : []))
  const names = [...read.filter(isSecretVariable), ...(logsIn ? loginVariables : [])]
  return [...new Set(names)].filter((name) => /^\w+$/.test(name)).sort()
}

const loginVariables = ['OS_APPLICATION_CREDENTIAL_SECRET', 'OS_PASSCODE', 'OS_PASSWORD', 'OS_TOKEN']

function credentialLines(names: readonly string[], allowed: readonly string[]): string {
  return [
    ...(allowed.length === 0
      ? []
      : [`_allowed="${allowed.map((origin) => `\${_newline}${origin}`).join('')}"`]),
    ': >"$work/credentials"',
    ...names.map(
      (name) =>
        `[ ! "\${${name}-}" ] || printf '%s' "$${name}" | jq -Rsc '{name: "${name}", value: .}' >>"$work/credentials"`,
    ),
  ].join('\n')
}

// What is read where no step may have set it has no value, which is no failure of the shell.
function emptyFiles(files: ReadonlySet<string>): string {
  return [...files]
    .sort()
    .map((file) => `: >"$work/${file}.json"`)
    .join('\n')
}

// With the marks that tell whether they are set.
function setByVerbs(recipe: Recipe, setBy: SetBy): readonly string[] {
  const names: string[] = []
  const visit = (step: RecipeStep): void => {
    for (const [name, kind] of Object.entries(setBy(step)))
      names.push(variableOf(name), ...(kind === 'file' ? [] : [`${variableOf(name)}_json`]))
    step.defer.forEach(visit)
  }
  recipe.steps.forEach(visit)
  return names
}

function capturedNames(recipe: Recipe): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (step: RecipeStep): void => {
    for (const { name } of step.captures) {
      names.add(variableOf(name))
      names.add(`${variableOf(name)}_json`)
    }
    step.defer.forEach(visit)
  }
  recipe.steps.forEach(visit)
  return names
}
