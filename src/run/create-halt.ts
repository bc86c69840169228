import type { Halt } from '../model/breakpoint.ts'
import { toProblem } from '../model/problem.ts'
import type { RecipeStep } from '../model/recipe.ts'
import { ownValue } from '../recipe/render-template.ts'
import { parseDataPath, valueAt } from '../util/data-path.ts'
import { verbOf } from './registry.ts'
import { runStep } from './run-step.ts'
import type { RunParts } from './step-context.ts'

/** What a halt is made of. */
type HaltParts = Pick<Halt, 'step' | 'result' | 'recipe' | 'signal' | 'curl'> & {
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
