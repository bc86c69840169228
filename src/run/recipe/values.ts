import type { DataPath, Json } from '../../model/recipe.ts'
import { valueAt } from '../../util/data-path.ts'

/** The names that a run's steps share. */
export type Values = {
  get(name: string): unknown
  set(name: string, value: unknown): void
  /** The names that have been set. */
  names(): Iterable<string>
  /** The value at a path such as `steps`, `login`, `response`, `status`. */
  lookup(path: DataPath): unknown
  /** The same names with some more on top, which are read and set there alone. */
  over(own: ReadonlyMap<string, unknown>): Values
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
  const values: Values = {
    get: (name) => names.get(name),
    set: (name, value) => void names.set(name, value),
    names: () => names.keys(),
    lookup(path) {
      const [name, ...rest] = path
      return valueAt(names.get(String(name)), rest)
    },
    over: (own) => valuesOver(values, own),
  }
  return values
}

/** The names of an included recipe: its own, but for the token, the catalog, the environment and the run. */
export function includedValues(outer: Values, inputs: Readonly<Record<string, Json>>): Values {
  const common = new Set(['token', 'catalog', 'env', 'run'])
  const own = new Map<string, unknown>([...Object.entries(inputs), ['steps', {}]])
  const values: Values = {
    get: (name) => (common.has(name) ? outer.get(name) : own.get(name)),
    set: (name, value) => (common.has(name) ? outer.set(name, value) : void own.set(name, value)),
    names: () => new Set([...own.keys(), ...common]),
    lookup: ([name, ...rest]) => valueAt(values.get(String(name)), rest),
    over: (more) => valuesOver(values, more),
  }
  return values
}

function valuesOver(under: Values, given: ReadonlyMap<string, unknown>): Values {
  const own = new Map(given)
  const values: Values = {
    get: (name) => (own.has(name) ? own.get(name) : under.get(name)),
    set(name, value) {
      if (own.has(name)) own.set(name, value)
      else under.set(name, value)
    },
    names: () => new Set([...own.keys(), ...under.names()]),
    lookup([name, ...rest]) {
      return valueAt(values.get(String(name)), rest)
    },
    over: (more) => valuesOver(values, more),
  }
  return values
}
