/** Variables by their names. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What a shell exports after a file, as far as it differs from what it had before. */
export type Exported = {
  /** What the file sets and exports, with the line that sets it. */
  readonly values: ReadonlyMap<string, { readonly value: string; readonly line: number }>
  /** Variables that were there before and are exported no more. */
  readonly unset: ReadonlySet<string>
  /** Variables that the file asks the user for. */
  readonly asked: ReadonlySet<string>
  /** What the file sets and does not export, with the line that sets it. */
  readonly kept: ReadonlyMap<string, number>
}

/** A text that a shell has; `asked` when part of it is what a user would have typed. */
export type Text = { readonly text: string; readonly asked: boolean }

/** A variable of a shell. Without a value it is not set, but may be marked all the same. */
export type Variable = {
  value: Text | undefined
  isExported: boolean
  isReadonly: boolean
  /** Where the file has set it. */
  at: Placed | undefined
}

/** The variables of a shell that reads a file. */
export type Variables = {
  get(name: string): Variable | undefined
  /** The variable, made when there is none. */
  make(name: string): Variable
  set(name: string, value: Text, at: Placed): Variable
  remove(name: string): void
  /** The names of variables that are set and begin so, in the order of their letters. */
  names(prefix: string): readonly string[]
  exported(): Exported
}

/** The variables of a shell that has this environment. `lineOf` says in which line a place is. */
export function createVariables(environment: Environment, lineOf: (at: Placed) => number): Variables {
  const all = new Map<string, Variable>()
  for (const [name, text] of Object.entries(environment))
    if (text !== undefined && isName(name))
      all.set(name, {
        value: { text, asked: false },
        isExported: true,
        isReadonly: false,
        at: undefined,
      })
  const make = (name: string): Variable => {
    const found = all.get(name) ?? {
      value: undefined,
      isExported: false,
      isReadonly: false,
      at: undefined,
    }
    all.set(name, found)
    return found
  }
  return {
    get: (name) => all.get(name),
    make,
    set: (name, value, at) => Object.assign(make(name), { value, at }),
    remove: (name) => all.delete(name),
    names: (prefix) =>
      [...all]
        .filter(([name, { value }]) => value !== undefined && name.startsWith(prefix))
        .map(([name]) => name)
        .sort(),
    exported: () => exportedOf(all, environment, lineOf),
  }
}

/** Whether a variable can have this name. */
export function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text)
}

function exportedOf(
  all: ReadonlyMap<string, Variable>,
  environment: Environment,
  lineOf: (at: Placed) => number,
): Exported {
  const values = new Map<string, { value: string; line: number }>()
  const kept = new Map<string, number>()
  const asked = new Set<string>()
  for (const [name, { value, at, isExported }] of all) {
    if (value === undefined || at === undefined) continue
    if (value.asked) asked.add(name)
    else if (isExported) values.set(name, { value: value.text, line: lineOf(at) })
    else kept.set(name, lineOf(at))
  }
  const isGone = (name: string): boolean => {
    const found = all.get(name)
    return isName(name) && (found?.value === undefined || !found.isExported) && !asked.has(name)
  }
  return { values, asked, kept, unset: new Set(Object.keys(environment).filter(isGone)) }
}

/** A place in the file, by offsets. */
export type Placed = { readonly pos: number; readonly end: number }
