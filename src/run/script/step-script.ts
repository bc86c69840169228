import { phrase } from '../../model/phrase.ts'
import type { Position } from '../../model/problem.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Json, RecipeStep } from '../../model/recipe.ts'
import type { StepContext } from '../../model/step.ts'
import { withoutEnd } from '../../util/text/text-end.ts'
import type { RunParts } from '../step/run-parts.ts'
import { scriptEnvironment } from './script-environment.ts'
import { runScriptProcess } from './script-process.ts'

/** Whether scripts may run. */
export type ScriptPermission = { readonly allowRun: boolean; readonly readOnly: boolean }

/** Throws for the first step that is a script where none may run; those of included recipes and deferred ones count too. */
export function refuseScripts(steps: readonly RecipeStep[], permission: ScriptPermission): void {
  for (const { traits, at, defer, included } of steps) {
    if (traits.needsAllowRun) refuseScript(permission, at)
    refuseScripts(defer, permission)
    if (included !== undefined) refuseScripts(included.steps, permission)
  }
}

/** Makes the part of a step's context that runs scripts. */
export function scriptRunner(
  parts: RunParts,
  step: RecipeStep,
  signal: AbortSignal,
  tell: {
    readonly notice: StepContext['notice']
    show(name: string, value: Json): void
  },
): StepContext['runScript'] {
  return async (script, { token }) => {
    refuseScript(parts, step.at)
    const { values, directory, masker, keeper } = parts
    const tokens = new Set(keeper.tokens.map(({ request }) => request.variable))
    const environment = scriptEnvironment(script, values, { tokens, token, at: step.at })
    const output = await runScriptProcess({ script, directory, environment, signal })
    // As the shell's own $(...) takes it.
    const stdout = withoutEnd(output.stdout, '\n')
    values.set('stdout', stdout)
    values.set('exit-code', output.exit)
    const errors = masker.mask(output.stderr).trimEnd()
    for (const line of lastLines(errors)) tell.notice(line)
    if (output.isCut) tell.notice('Only the first 1 MiB of what the script wrote is kept.', 'warning')
    if (stdout !== '') tell.show('stdout', stdout)
    tell.show('exit-code', output.exit)
    return { exit: output.exit, errors: lastLines(errors).join('\n') }
  }
}

function refuseScript({ allowRun, readOnly }: ScriptPermission, at: Position): void {
  if (readOnly)
    throw new OsrunError('READ_ONLY', phrase`A script could change anything, and the run is read-only.`, {
      at,
    })
  if (!allowRun)
    throw new OsrunError('RUN_REFUSED', phrase`The recipe runs a script, and scripts are not allowed.`, {
      at,
      hint: phrase`Read it, then allow it with --allow-run.`,
    })
}

function lastLines(text: string): readonly string[] {
  return text === ''
    ? []
    : text
        .split('\n')
        .slice(-20)
        .map((line) => line.slice(0, 500))
}
