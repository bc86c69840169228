import type { StepResult } from '../model/event.ts'
import { toProblem } from '../model/problem.ts'
import type { Recipe, RecipeStep } from '../model/recipe.ts'
import { ownValue } from '../recipe/template.ts'
import { parseDataPath, valueAt } from '../util/data-path.ts'
import { verbOf } from './registry.ts'
import { runStep } from './run-step.ts'
import type { RunParts } from './step-context.ts'

/** What whoever is asked at a step sees of the run, and may do meanwhile. Every text is masked. */
export type Halt = {
  /** The step that comes next, or the one that has just not passed. */
  readonly step: RecipeStep
  /** How the step ended; undefined before it. */
  readonly result: StepResult | undefined
  /** All steps of the recipe. */
  readonly steps: readonly RecipeStep[]
  /** Aborts when the run is to end. */
  readonly signal: AbortSignal
  /** The curl line of the last request. */
  readonly curl: string | undefined
  /** The names that have a value, and the fields of the value at a path. */
  names(path?: string): readonly string[]
  /** The value at a path of the context as text: JSON, or the text itself; undefined when there is none. */
  print(path: string): string | undefined
  /** Sends a request as a step of its own; its answer is `response` here alone. Tells it as events. */
  request(line: string, signal: AbortSignal): Promise<void>
  mask(text: string): string
}

/** How a run goes on: with the next step, with a step again as an edited recipe has it, or to its end. */
export type Decision =
  | { readonly go: 'on' }
  | { readonly go: 'retry'; readonly recipe: Recipe; readonly step: string }
  | { readonly go: 'quit' }

/** Asked before each step and after each that did not pass; what it takes to answer counts for no deadline. */
export type Breakpoint = (halt: Halt) => Promise<Decision>

/** What a halt is made of. */
export type HaltParts = Pick<Halt, 'step' | 'result' | 'steps' | 'signal' | 'curl'> & {
  readonly parts: RunParts
}

/** Makes the view of a run that stands still. */
export function createHalt({ parts, ...shown }: HaltParts): Halt {
  const { masker } = parts
  const values = parts.values.over(new Map([['response', parts.values.get('response')]]))
  return {
    ...shown,
    mask: masker.mask,
    names(path) {
      if (path === undefined) return [...values.names()].filter((name) => values.get(name) !== undefined)
      const value = values.lookup(parseDataPath(path) ?? [path])
      return typeof value === 'object' && value !== null ? Object.keys(value).map(masker.mask) : []
    },
    print(path) {
      const read = parseDataPath(path)
      if (read === undefined) return undefined
      // Nobody knows which variables of an environment are secret but by their names.
      if (read[0] === 'env' && (read.length !== 2 || secretName.test(String(read[1])))) return '***'
      const [name, ...rest] = read
      const value = ownValue(valueAt(values.get(String(name)), rest))
      if (value === undefined) return undefined
      return masker.mask(typeof value === 'string' ? value : JSON.stringify(value, undefined, 2))
    },
    async request(line, signal) {
      const at = { file: 'prompt', line: 1, column: 1, source: line }
      const { timeout: _timeout, included: _included, roundOf: _roundOf, ...base } = shown.step
      const step: RecipeStep = {
        ...base,
        ...bare,
        id: 'prompt',
        verb: 'request',
        input: line,
        at,
        locate: () => at,
      }
      try {
        await runStep({ ...parts, values }, verbOf(parts.verbs, 'request'), step, 'main', signal)
      } catch (error) {
        parts.emit({ type: 'notice', level: 'warning', message: toProblem(error).message })
      }
    },
  }
}

const secretName = /pass|secret|token|key|cred|auth/i

const bare = {
  name: undefined,
  note: undefined,
  defaulted: [],
  when: undefined,
  forEach: undefined,
  polling: undefined,
  retry: undefined,
  timeout: undefined,
  captures: [],
  allowFailure: true,
  defer: [],
} as const
