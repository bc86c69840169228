import { OsrunError } from '../../model/problem.ts'
import type { Json } from '../../model/recipe.ts'
import { textOfFile } from '../../openstack/config/surroundings.ts'
import type { GivenInputs } from '../../recipe/choose/resolve-inputs.ts'
import { parseInputsFile } from '../../recipe/choose/resolve-inputs.ts'
import { readWholeFile } from '../files/whole-file.ts'
import type { Io } from '../io.ts'

/** Collects repeated `--input name=value`. */
export function collectInput(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = text.indexOf('=')
  if (at < 1)
    throw new OsrunError('USAGE_INVALID', `--input takes name=value, and got "${at < 0 ? text : '=…'}".`, {
      hint: 'For example: --input container=photos',
    })
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

/** What the command line says of inputs. */
export type InputFlags = {
  readonly input?: Readonly<Record<string, string>>
  readonly inputs?: string
}

/** All values that flags, the inputs file and the environment give. */
export async function givenInputs(
  flags: InputFlags,
  { environment, cwd }: Pick<Io, 'environment' | 'cwd'>,
): Promise<GivenInputs> {
  return {
    flags: flags.input ?? {},
    file: await readInputsFile(flags.inputs, cwd),
    environment: environmentInputs(environment),
    folder: cwd,
  }
}

// YAML or JSON: a mapping of names to values.
async function readInputsFile(
  path: string | undefined,
  cwd: string,
): Promise<Readonly<Record<string, Json>>> {
  if (path === undefined) return {}
  return parseInputsFile(textOfFile(await readWholeFile(path, { what: 'inputs file', cwd }), path), path)
}

// The inputs that stand in the environment as OSRUN_INPUT_name.
function environmentInputs(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const inputs: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment))
    if (name.startsWith('OSRUN_INPUT_') && value !== undefined)
      inputs[name.slice('OSRUN_INPUT_'.length)] = value
  return inputs
}
