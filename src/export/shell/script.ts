import type { Cloud } from '../../model/cloud.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Recipe, RecipeStep } from '../../model/recipe.ts'
import type { Verb } from '../../model/step.ts'
import { createPlaceholders } from '../placeholder.ts'
import { renderSymbolically, runSymbolically } from '../symbolic-step.ts'
import { writeCaptures } from './captures.ts'
import { frame } from './frame.ts'
import type { HelperName } from './helpers.ts'
import { helpers } from './helpers.ts'
import { writeInputs } from './inputs.ts'
import { nameKinds, variableOf } from './names.ts'
import { refuseSteps } from './refuse-steps.ts'
import type { VerbWriting } from './shell-verb.ts'
import type { ScriptParts } from './step-writing.ts'
import { writeStep } from './step-writing.ts'
import type { CloudVariable } from './symbolic-cloud.ts'
import { symbolicCloud, unknownCloud } from './symbolic-cloud.ts'
import { shellVerbs } from './verbs/index.ts'
import { comment, quoteText } from './words.ts'

/** What an export to shell needs. */
export type ShellExport = {
  readonly verbs: readonly Verb[]
  /** Whose credentials the script reads; without one it finds out from its OS_* variables. */
  readonly cloud: Cloud | undefined
}

/**
 * Writes a recipe as one POSIX shell script that needs curl and jq, and has the same verdict and exit status as a run.
 *
 * @throws OsrunError EXPORT_IMPOSSIBLE, with its place, for what a script cannot do
 */
export async function toShellScript(recipe: Recipe, { verbs, cloud: given }: ShellExport): Promise<string> {
  refuseSteps(recipe, verbs)
  const placeholders = createPlaceholders(JSON.stringify([recipe, given?.origins]))
  const at = recipe.steps[0]?.at ?? { file: recipe.file, line: 1, column: 1 }
  const { cloud, variables } =
    given === undefined
      ? { cloud: unknownCloud(placeholders, at), variables: environmentVariables }
      : symbolicCloud(given, placeholders, at)
  const kinds = new Map([
    ...nameKinds(recipe, (step) => shellVerbOf(step).sets?.(step) ?? []),
    ...variables.map(({ name }) => [name, 'text'] as const),
  ])
  const parts: ScriptParts = { placeholders, kinds, read: new Set(), helpers: new Set(), functions: [] }
  const referenced = new Set(
    [...JSON.stringify(recipe.steps).matchAll(/steps\.([\w-]+)|"of":"([^"]+)"/g)].map(
      ([, read, of]) => read ?? of,
    ),
  )
  const writeOne = async (step: RecipeStep, lines: string[], stop: 'exit' | 'return'): Promise<void> => {
    const verb = verbs.find((one) => one.verb === step.verb)
    if (verb === undefined) throw unknownVerb(step)
    lines.push(`step ${quoteText(step.name ?? verb.title(step.input))}`)
    const writing: VerbWriting = {
      ...writeStep(step, parts, stop, lines),
      cloud,
      isKnownCloud: given !== undefined,
      isReferenced: referenced.has(step.id),
      symbolic: () => runSymbolically(verb, step, { placeholders, cloud, directory: recipe.directory }),
      render: (value, path) => renderSymbolically(value, step, placeholders, path),
    }
    await shellVerbOf(step).write(writing)
    if (writing.isReferenced) writing.must(`cp "$work/response.json" "$work/step-${step.id}.json"`)
    writeCaptures(writing)
  }
  const steps = await writeSteps(recipe, writeOne)
  const inputs = writeInputs(recipe, parts)
  const set = new Set([
    ...capturedNames(recipe),
    ...[...kinds].flatMap(([name, kind]) => (kind === 'file' ? [variableOf(name)] : [])),
  ])
  const captured = [...parts.read].filter((name) => set.has(name)).sort()
  const hasDeferred = recipe.steps.some(({ defer }) => defer.length > 0)
  const hasTokens = parts.helpers.has('authenticate')
  return `${[
    header(recipe),
    ...inputs.values,
    ...cloudLines(variables, parts, given, hasTokens),
    '# --- What every script of this kind needs ---',
    frame({
      tokens: hasTokens,
      deferred: hasDeferred,
      wakes: hasDeferred && hasTokens,
      runId: parts.read.has('run_id'),
    }).trim(),
    ...helperTexts(parts.helpers, hasTokens, hasDeferred, /md5|sha256/.test(JSON.stringify(recipe.steps))),
    ...(parts.functions.length > 0 ? ['# --- What is asked of Keystone ---', ...parts.functions] : []),
    ...inputs.checks,
    ...(captured.length > 0 ? [captured.map((name) => `${name}=''`).join(' ')] : []),
    '# --- The steps ---',
    ...steps,
  ].join('\n\n')}\n`
}

function shellVerbOf(step: RecipeStep): (typeof shellVerbs)[string] {
  const found = Object.hasOwn(shellVerbs, step.verb) ? shellVerbs[step.verb] : undefined
  if (found === undefined) throw unknownVerb(step)
  return found
}

function unknownVerb(step: RecipeStep): OsrunError {
  return new OsrunError('EXPORT_IMPOSSIBLE', `A step "${step.verb}" cannot be exported to a shell script.`, {
    at: step.at,
    hint: `These can: ${Object.keys(shellVerbs).join(', ')}.`,
  })
}

type WriteOne = (step: RecipeStep, lines: string[], stop: 'exit' | 'return') => Promise<void>

async function writeSteps(recipe: Recipe, writeOne: WriteOne): Promise<readonly string[]> {
  const blocks: string[] = []
  for (const [index, step] of recipe.steps.entries()) {
    const notes = step.note === undefined ? '' : `${comment(step.note)}\n`
    const deferred: string[] = []
    for (const [position, inner] of step.defer.entries()) {
      const lines: string[] = []
      await writeOne(inner, lines, 'return')
      const name = `deferred_${index + 1}_${position + 1}`
      const body = inner.allowFailure ? [...lines.slice(0, -1), `${lines.at(-1)}`] : lines
      blocks.push(`${name}() {\n${body.map((line) => `  ${line}`).join('\n')}\n}`)
      deferred.push(inner.allowFailure ? `${name}_allowed` : name)
      if (inner.allowFailure) blocks.push(`${name}_allowed() { ${name} || true; }`)
    }
    const lines: string[] = []
    await writeOne(step, lines, step.allowFailure ? 'return' : 'exit')
    // Those of one step run in the order in which they stand, and the last one registered runs first.
    // A deferred step is registered before the request, and given up when the request was refused.
    const [title = '', ...rest] = lines
    const whole = [title, ...deferred.toReversed().map((name) => `defer ${name}`), ...rest]
    if (!step.allowFailure) blocks.push(`${notes}${whole.join('\n')}`)
    else
      blocks.push(
        `${notes}step_${index + 1}() {\n${whole.map((line) => `  ${line}`).join('\n')}\n}\nstep_${index + 1} || echo '  This step may fail.'`,
      )
  }
  return blocks
}

function header({ name, description, file }: Recipe): string {
  return [
    '#!/bin/sh',
    comment(name),
    ...(description === undefined ? [] : ['#', comment(description)]),
    '#',
    comment(
      `Made by osrun export from ${file}. Needs curl and jq. Exit status: 0 passed, 1 wrong usage, 3 could not ask,`,
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
      ? `${name}=\${${name}-${quoteText(value)}}`
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

function helperTexts(
  wanted: ReadonlySet<HelperName>,
  hasTokens: boolean,
  hasDeferred: boolean,
  readsHashes: boolean,
): readonly string[] {
  const all = new Set<HelperName>()
  const add = (name: HelperName): void => {
    if (all.has(name)) return
    all.add(name)
    helpers[name].needs?.forEach(add)
  }
  wanted.forEach(add)
  if (hasTokens) add('forget_token')
  return (Object.keys(helpers) as HelperName[])
    .filter((name) => all.has(name))
    .map((name) => helpers[name].text.trim())
    .map((text) => withHashes(text, readsHashes))
    .map((text) =>
      hasTokens && hasDeferred
        ? text.replace(
            '  _patient=yes\n',
            '  _patient=yes\n  [ "$_name" != token ] || _login=$_body_of _login_at=$_keystone\n',
          )
        : text,
    )
}

// Hashes are made only where the recipe looks at them.
function withHashes(text: string, readsHashes: boolean): string {
  const [words, fields] = readsHashes
    ? [
        '--arg md5 "$(md5sum <"$_from" | cut -c 1-32)" --arg sha256 "$(sha256sum <"$_from" | cut -c 1-64)" ',
        ', $md5, $sha256',
      ]
    : ['', '']
  return text.replace('%HASHES%', () => words).replace('%HASH_FIELDS%', () => fields)
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
