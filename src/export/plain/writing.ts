import type { DataPath, Json, RecipeStep } from '../../model/recipe.ts'
import { variableOf } from '../../util/environment-name.ts'
import { jsonText } from '../../util/parse-json.ts'
import { jqText } from '../jq/expectation.ts'
import type { Placeholder } from '../placeholder.ts'
import { quoteText, shellWord } from '../shell/values/words.ts'
import { renderSymbolically, runSymbolically, type SymbolicStep } from '../symbolic-step.ts'
import { layoutJson } from './layout.ts'
import { notPlain } from './not-plain.ts'
import { readOf } from './read.ts'
import type { AnswerUses, PlainState } from './state.ts'

/** The writing of one step. */
export type PlainWriting = {
  readonly step: RecipeStep
  readonly state: PlainState
  readonly uses: AnswerUses
  /** Whether no step comes after it. */
  readonly isLast: boolean
  line(...lines: readonly string[]): void
  /** What the verb's own code asks for. */
  symbolic(): Promise<SymbolicStep>
  render(value: Json, path?: DataPath): Json
  /** A shell word of a text that may hold placeholders. */
  word(text: string): string
  /** A command that prints JSON, after `before` columns: jq with the values that it reads in its environment. */
  jq(value: Json, before: number): string
  /** A jq expression of a value, and `name="$name" ` for each that it reads. */
  expression(value: Json, before?: number): { readonly text: string; readonly environment: string }
}

/** How the steps of one verb are written. */
export type PlainVerb = (writing: PlainWriting) => Promise<void> | void

/** Starts the writing of a step; its lines go to `lines`. */
export function writePlainly(
  step: RecipeStep,
  state: PlainState,
  { uses, isLast, lines }: { readonly uses: AnswerUses; readonly isLast: boolean; readonly lines: string[] },
): PlainWriting {
  const { placeholders, cloud, recipe, verbs } = state
  const code = (placeholder: Placeholder): string => readOf(placeholder, state)
  const expression: PlainWriting['expression'] = (value, before = 0) => {
    const read = new Set<string>()
    const hoist = (name: string, code: string): void => void lines.push(`${name}=${code}`)
    const leaf = (text: string): string => jqLeaf(text, { state, read, hoist })
    // What it reads stands before it.
    layoutJson(value, leaf)
    const column = before + environmentOf(read).length + 'jq -n '.length + 1
    const text = layoutJson(value, leaf, { indent: 0, column })
    return { text, environment: environmentOf(read) }
  }
  return {
    step,
    state,
    uses,
    isLast,
    line: (...more) => void lines.push(...more),
    symbolic: async () => {
      const verb = verbs.find((one) => one.verb === step.verb)
      if (verb === undefined) throw notPlain(`A step "${step.verb}"`, step.at)
      const fileInputs: ReadonlySet<string> = new Set()
      return runSymbolically(verb, step, {
        placeholders,
        cloud,
        directory: recipe.directory,
        fileInputs,
      })
    },
    render: (value, path) => renderSymbolically(value, step, placeholders, path),
    word: (text) =>
      shellWord(
        placeholders.cut(text).map((piece) => (typeof piece === 'string' ? piece : { code: code(piece) })),
      ),
    jq(value, before) {
      const { text, environment } = expression(value, before)
      return `${environment}jq -n ${quoteProgramOf(text)}`
    },
    expression,
  }
}

// The environment has what comes out of it, so that jq reads it there.
function environmentOf(read: ReadonlySet<string>): string {
  return [...read].map((name) => `${name}="$${name}" `).join('')
}

function quoteProgramOf(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

type JqReads = {
  readonly state: PlainState
  /** The variables that jq must find in its environment. */
  readonly read: Set<string>
  /** Sets a variable before the command. */
  hoist(name: string, code: string): void
}

function jqLeaf(text: string, { state, read, hoist }: JqReads): string {
  const pieces = state.placeholders.cut(text)
  const terms = pieces.map((piece) => {
    if (typeof piece === 'string') return jqText(piece)
    const code = readOf(piece, state)
    const isField = code.startsWith('$(jq -c')
    const name =
      /^\$(\w+)$/.exec(code)?.[1] ??
      `${piece.read.path.join('_').replace(/\W/g, '_')}${isField ? '_json' : ''}`
    if (code !== `$${name}` && !read.has(name)) hoist(name, code.startsWith('$(') ? code : `"${code}"`)
    // What comes out of the environment jq has anyway.
    if (code !== `$${name}` || state.kinds.has(name) || name === 'run_id') read.add(name)
    const isAlone = pieces.length === 1 && piece.form === 'value'
    const isJson = isField || (isAlone && state.kinds.get(name) === 'json')
    return isJson ? `(env.${name} | fromjson)` : `env.${name}`
  })
  return terms.length === 0 ? '""' : terms.length === 1 ? (terms[0] ?? '') : `(${terms.join(' + ')})`
}

/** `name=${name-value}`: what the caller's environment may say otherwise. */
export function inputLine(name: string, value: Json): string {
  const variable = variableOf(name)
  return `${variable}=\${${variable}-${quoteText(typeof value === 'string' ? value : jsonText(value))}}`
}
