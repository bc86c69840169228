import type { FacedVerb } from '../../export/verb-faces.ts'
import type { Json } from '../../model/recipe.ts'
import type { JsonSchema } from '../../model/step.ts'
import { isTakenVariable, variableOf } from '../../util/environment-name.ts'
import { isMapping, textOf } from '../input.ts'

const script: JsonSchema = { type: 'string', minLength: 1, maxLength: 100_000 }
const status: JsonSchema = { type: 'integer', minimum: 0, maximum: 255 }

/** Runs a script by bash. What the recipe knows is in its environment, and never in its text. */
export const run: FacedVerb = {
  verb: 'run',
  traits: { needsAllowRun: true },
  faces: { explain: () => import('./explain.ts') },
  summary: 'Runs a shell script whose environment has the inputs and captures; only with `--allow-run`.',
  schema: {
    description: 'A script for bash, or a mapping with one.',
    anyOf: [
      script,
      {
        type: 'object',
        required: ['script'],
        additionalProperties: false,
        properties: {
          script: { ...script, description: 'What bash runs, in the folder of the recipe.' },
          token: { type: 'boolean', description: 'Let the script have the token, as $token.' },
          expect: {
            anyOf: [status, { type: 'array', items: status, minItems: 1 }],
            description: 'The exit statuses that are right. Default: 0.',
          },
        },
      },
    ],
  },
  example: '- run: echo "$endpoint/photos" | tr a-z A-Z\n',
  title: (input) => {
    const [line = ''] = scriptOf(input).trim().split('\n')
    return `run ${line.length > 60 ? `${line.slice(0, 57)}...` : line}`
  },
  sets: () => ['stdout', 'exit-code'],
  reads: (input) => (wantsToken(input) ? [{ name: 'token', path: ['token'] }] : []),
  isPlain: true,
  check(input, report, names) {
    const path = isMapping(input) ? ['script'] : []
    // `${name}` and `${name:-text}` mean the same to bash; a path with fields is nothing to it.
    const [template] = /\$\{[A-Za-z_][\w-]*\.[^}]*\}/.exec(scriptOf(input)) ?? []
    if (template !== undefined)
      report(
        path,
        `"${template}" is a template, and a script has none: bash fills in its text.`,
        'Capture the value under a name: $name is a variable of the script then.',
      )
    const owners = new Map<string, string>()
    for (const known of names()) {
      const variable = variableOf(known)
      const owner = owners.get(variable)
      if (isTakenVariable(variable))
        report(
          [],
          `"${known}" would be $${variable} to the script, which means something to programs.`,
          'Give the input or capture another name.',
        )
      else if (owner !== undefined && owner !== known)
        report(
          [],
          `"${known}" and "${owner}" would both be $${variable} to the script.`,
          'Give one of them another name.',
        )
      owners.set(variable, known)
    }
  },
  async run(step, context) {
    const { exit, errors } = await context.runScript(scriptOf(step.input), { token: wantsToken(step.input) })
    const expect = isMapping(step.input) ? [step.input.expect ?? 0].flat() : [0]
    if (expect.some((one: Json) => one === exit)) return
    const at = context.locate(isMapping(step.input) && step.input.expect !== undefined ? ['expect'] : [])
    context.fail(
      [{ subject: 'exit-code', expected: expect.join(' or '), found: String(exit), at }],
      'SCRIPT_FAILED',
      errors.trim().split('\n').at(-1) || undefined,
    )
  },
}

function scriptOf(input: Json): string {
  return textOf(isMapping(input) ? input.script : input)
}

function wantsToken(input: Json): boolean {
  return isMapping(input) && input.token === true
}
