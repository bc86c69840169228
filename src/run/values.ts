import type { Json } from '../model/recipe.ts'
import { parseDataPath, valueAt } from '../util/data-path.ts'

/** The names that a run's steps share. */
export type Values = {
  get(name: string): unknown
  set(name: string, value: unknown): void
  /** The value at a path such as `steps.login.response.status`. */
  lookup(path: string): unknown
}

/** Starts a context with the inputs, the environment as `env`, and `run.id`. */
export function createValues(start: {
  readonly inputs: Readonly<Record<string, Json>>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly runId: string
  readonly steps: Readonly<Record<string, unknown>>
}): Values {
  const names = new Map<string, unknown>(Object.entries(start.inputs))
  names.set('env', start.environment)
  names.set('run', { id: start.runId })
  names.set('steps', start.steps)
  return {
    get: (name) => names.get(name),
    set: (name, value) => void names.set(name, value),
    lookup(path) {
      const [name, ...rest] = parseDataPath(path)
      const value = names.get(String(name))
      return rest.length === 0 ? value : valueAt(value, rest)
    },
  }
}
