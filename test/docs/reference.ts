import type { Command } from 'commander'
import { createProgram } from '../../src/cli/program.ts'
import { visibleCommands } from '../../src/cli/visible-commands.ts'
import { errorCodes, exitStatuses } from '../../src/model/error-codes.ts'
import { permissionKinds } from '../../src/model/permission.ts'
import type { Json } from '../../src/model/recipe.ts'
import type { JsonSchema } from '../../src/model/step.ts'
import { sharedDefinitions } from '../../src/recipe/expectation/expectation-schema.ts'
import { reportKinds } from '../../src/report/index.ts'
import { faults, faultUsage } from '../../src/sandbox/faults/index.ts'
import { verbs } from '../../src/steps/index.ts'
import { memoryIo } from '../cli/memory-io.ts'
import knownFailures from '../fidelity/known.json' with { type: 'json' }

/** Replaces what stands between `<!-- generated: NAME -->` and `<!-- end -->`. */
export function withGenerated(markdown: string, name: string, generated: string): string {
  const start = `<!-- generated: ${name} -->\n`
  const from = markdown.indexOf(start)
  const to = markdown.indexOf('<!-- end -->', from)
  if (from < 0 || to < 0) throw new Error(`there is no place for ${name}`)
  return `${markdown.slice(0, from + start.length)}${generated}${markdown.slice(to)}`
}

/** The reference of the verbs, out of the registry. */
export function verbReference(): string {
  return verbs
    .map((verb) => {
      const sets = verb.sets(null).map((name) => `\`${name}\``)
      const keys = keysOf(verb.schema).map(
        ([key, schema, required]) =>
          `| \`${key}\` | ${typeOf(schema)}${required ? ', required' : ''} | ${cell(schema.description)} |`,
      )
      return [
        `### ${verb.verb}`,
        '',
        `${verb.summary}${sets.length > 0 ? ` Sets ${sets.join(', ')}.` : ''}`,
        '',
        '```yaml',
        verb.example.trimEnd(),
        '```',
        '',
        ...(keys.length > 0 ? ['| key | value | meaning |', '|---|---|---|', ...keys, ''] : []),
      ].join('\n')
    })
    .join('\n')
}

const program = await createProgram({ io: memoryIo().io, setStatus() {} })

/** The help texts of all commands, as the terminal shows them. */
export function helpReference(): string {
  return [program, ...visibleCommands(program)]
    .map(
      (command) =>
        `\`\`\`text\n$ osrun${command === program ? '' : ` ${command.name()}`} --help\n${helpOf(command)}\`\`\`\n`,
    )
    .join('\n')
}

/** The kinds of reports, out of their registry. */
export function reportReference(): string {
  const rows = reportKinds.map(({ kind, summary }) => `| \`${kind}\` | ${cell(summary)} |`)
  return `| kind | what |\n|---|---|\n${rows.join('\n')}\n`
}

/** What a recipe can do, and which flag it needs. */
export function permissionReference(): string {
  const rows = Object.values(permissionKinds).map(({ says, needs }) => `| ${cell(says)} | ${cell(needs)} |`)
  return `| a recipe | needs |\n|---|---|\n${rows.join('\n')}\n`
}

/** What can be broken in the sandbox. */
export function faultReference(): string {
  const rows = faults.map((fault) => {
    const usual = fault.value === undefined ? '' : fault.value.default
    return `| \`${faultUsage(fault)}\` | ${usual} | ${cell(fault.summary)}${fault.needsTls ? ' With `--tls` only.' : ''} |`
  })
  return `| fault | unless given | while it is on |\n|---|---|---|\n${rows.join('\n')}\n`
}

/** The tests of others that fail on the sandbox only. */
export function fidelityReference(): string {
  const judges: Readonly<Record<string, Readonly<Record<string, string>>>> = knownFailures
  const known = Object.values(judges).flatMap((failures) => Object.entries(failures))
  if (known.length === 0) return 'None is known to fail on the sandbox only.\n'
  const rows = known.map(([id, reason]) => {
    const [suite, , name] = id.split('.').slice(-3)
    return `| \`${suite}\` | \`${name}\` | ${cell(reason)} |`
  })
  return `| file | test | why |\n|---|---|---|\n${rows.join('\n')}\n`
}

/** Every exit status. */
export function exitReference(): string {
  const rows = Object.entries(exitStatuses).map(([status, meaning]) => `| ${status} | ${cell(meaning)} |`)
  return `| status | meaning |\n|---|---|\n${rows.join('\n')}\n`
}

/** Every error code with its exit status. */
export function errorReference(): string {
  const rows = Object.entries(errorCodes).map(
    ([code, { exit, summary }]) => `| \`${code}\` | ${exit} | ${cell(summary)} |`,
  )
  return `| code | exit status | meaning |\n|---|---|---|\n${rows.join('\n')}\n`
}

function helpOf(command: Command): string {
  return command.configureHelp({ helpWidth: 100 }).helpInformation()
}

type Key = readonly [name: string, schema: JsonSchema, required: boolean]

function keysOf(schema: JsonSchema): readonly Key[] {
  const shared = mapping(sharedDefinitions[String(schema.$ref).replace('#/$defs/', '')])
  const forms = [schema, shared, ...list(schema.anyOf)]
  return forms.flatMap((form) =>
    Object.entries(mapping(form.properties)).map(
      ([name, value]): Key => [name, mapping(value), list(form.required).some((one) => String(one) === name)],
    ),
  )
}

function typeOf(schema: JsonSchema): string {
  const { $ref, type, const: only } = schema
  if (typeof $ref === 'string') return names.get($ref.replace('#/$defs/', '')) ?? $ref.replace('#/$defs/', '')
  if (only !== undefined) return `\`${String(only)}\``
  if (Array.isArray(schema.enum)) return schema.enum.map((one) => `\`${String(one)}\``).join(', ')
  if (schema.anyOf)
    return [...new Set(list(schema.anyOf).map((form) => typeOf(form as JsonSchema)))].join(' or ')
  const types = Array.isArray(type) ? type : [type]
  return types.map((one) => names.get(String(one)) ?? String(one)).join(' or ')
}

const names = new Map([
  ['string', 'text'],
  ['boolean', 'true or false'],
  ['array', 'list'],
  ['object', 'mapping'],
  ['integer', 'whole number'],
  ['null', 'nothing'],
  ['json', 'anything'],
  ['json-schema-mapping', 'JSON Schema'],
])

function cell(text: Json | undefined): string {
  return String(text ?? '')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')
}

function mapping(value: Json | undefined): JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonSchema) : {}
}

function list(value: Json | undefined): readonly JsonSchema[] {
  return Array.isArray(value) ? (value as readonly JsonSchema[]) : []
}
