import type { DataPath, Json } from '../model/recipe.ts'
import { valueAt } from '../util/data-path.ts'

/** The names that a run's steps share. */
export type Values = {
  get(name: string): unknown
  set(name: string, value: unknown): void
  /** The value at a path such as `steps`, `login`, `response`, `status`. */
  lookup(path: DataPath): unknown
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
      const [name, ...rest] = path
      return valueAt(names.get(String(name)), rest)
    },
  }
}
