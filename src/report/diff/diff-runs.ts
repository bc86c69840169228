import { type DataPath, valueAt } from '../../util/data-path.ts'
import { readJson } from '../../util/parse-json.ts'
import { type DiffRule, diffRules } from './diff-rules.ts'

/** One difference of two runs: what differs, and the two values; undefined for what is not there. */
export type RunDifference = {
  /** The file of the recipe, and the id of the step. */
  readonly file: string
  readonly step: string | undefined
  /** `verdict`, `exchanges.0.headers.etag`, `exchanges.0.body.token.user.name`, `duration`. */
  readonly path: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/** How two runs are compared. */
export type DiffOptions = {
  /** Compare also what the rules leave out. */
  readonly all: boolean
  /** Further paths to leave out; `*` stands for anything. */
  readonly ignore: readonly string[]
  /** How many times as long a step has to take for it to be told; what is below 500 ms more never is. */
  readonly factor: number
}

/** Takes out of a text at a path what differs from run to run. */
type Clean = (text: string, path: string) => string

type Facts = ReadonlyMap<string, string>
type Part = {
  readonly file: string
  readonly step: string | undefined
  readonly facts: Facts
  readonly duration: number
}

/** Compares the documents of two `--report json=`: recipes are paired by file, steps by id. Nothing in them is trusted. */
export function diffRuns(before: unknown, after: unknown, options: DiffOptions): readonly RunDifference[] {
  const rules = options.all ? [] : diffRules
  const ignored = options.ignore.map(toPattern)
  const [one, other] = [partsOf(before, rules), partsOf(after, rules)]
  const differences: RunDifference[] = []
  for (const key of new Set([...one.keys(), ...other.keys()])) {
    const [left, right] = [one.get(key), other.get(key)]
    const { file, step } = (left ?? right) as Part
    const tell = (path: string, was: string | undefined, is: string | undefined): void => {
      const isLeftOut = [...ignored, ...rules.flatMap((rule) => rule.path ?? [])].some((rule) =>
        rule.test(path),
      )
      if (was !== is && !isLeftOut) differences.push({ file, step, path, before: was, after: is })
    }
    if (left === undefined || right === undefined) {
      tell(step === undefined ? 'recipe' : 'step', left && 'there', right && 'there')
      continue
    }
    for (const path of new Set([...left.facts.keys(), ...right.facts.keys()]))
      tell(path, left.facts.get(path), right.facts.get(path))
    const [short, long] = [left.duration, right.duration].sort((a, b) => a - b) as [number, number]
    if (long - short >= 500 && long > short * options.factor)
      tell('duration', `${Math.round(left.duration)} ms`, `${Math.round(right.duration)} ms`)
  }
  return differences
}

function partsOf(document: unknown, rules: readonly DiffRule[]): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>()
  const add = (key: string, part: Part): void => {
    let number = 1
    while (parts.has(`${key} ${number}`)) number++
    parts.set(`${key} ${number}`, part)
  }
  const counts = new Map<string, number>()
  for (const run of list(field(document, 'runs'))) {
    const file = String(field(run, 'file'))
    const number = (counts.get(file) ?? 0) + 1
    counts.set(file, number)
    const runId = String(field(run, 'runId') ?? '')
    const clean: Clean = (text, path) =>
      rules.reduce(
        (all, rule) =>
          rule.text === undefined || rule.except?.test(path) === true
            ? all
            : all.replace(rule.text, `<${rule.name}>`),
        rules.length === 0 || runId === '' ? text : text.replaceAll(runId, '<run>'),
      )
    add(`${file} ${number}`, { file, step: undefined, facts: factsOfRun(run), duration: 0 })
    for (const step of list(field(run, 'steps'))) {
      const id = String(field(step, 'id'))
      const duration = Number(field(step, 'duration') ?? 0)
      add(`${file} ${number} ${String(field(step, 'phase'))} ${id}`, {
        file,
        step: id,
        facts: factsOf(step, clean),
        duration,
      })
    }
  }
  for (const recipe of list(field(document, 'suite', 'notBegun'))) {
    const file = String(field(recipe, 'file'))
    const number = (counts.get(file) ?? 0) + 1
    counts.set(file, number)
    add(`${file} ${number}`, {
      file,
      step: undefined,
      facts: new Map([['verdict', 'not begun']]),
      duration: 0,
    })
  }
  return parts
}

// What went wrong need not be of a step.
function factsOfRun(run: unknown): Facts {
  const facts = new Map([['verdict', String(field(run, 'result', 'status') ?? 'unfinished')]])
  const problem = field(run, 'result', 'problem')
  const from = field(problem, 'from')
  if (from !== undefined && from !== 'step')
    facts.set(`problem.${String(from)}`, String(field(problem, 'code')))
  const left = list(field(run, 'result', 'leftovers')).length
  if (left > 0) facts.set('leftovers', String(left))
  return facts
}

function factsOf(step: unknown, clean: Clean): Facts {
  const facts = new Map<string, string>()
  const set = (path: string, value: unknown): void => {
    if (value === undefined) return
    if (typeof value === 'object' && value !== null)
      for (const [key, child] of Object.entries(value)) set(`${path}.${key}`, child)
    else facts.set(path, clean(String(value), path))
  }
  set('verdict', field(step, 'result', 'status'))
  set('problem', field(step, 'result', 'problem', 'code'))
  for (const [index, entry] of list(field(step, 'exchanges')).entries()) {
    const exchange = field(entry, 'exchange')
    const at = `exchanges.${index}`
    set(`${at}.request`, `${String(field(exchange, 'method'))} ${String(field(exchange, 'url'))}`)
    set(`${at}.status`, field(exchange, 'status') ?? field(exchange, 'problem', 'code'))
    for (const header of list(field(exchange, 'responseHeaders')))
      set(`${at}.headers.${String(field(header, 0)).toLowerCase()}`, field(header, 1))
    const body = field(exchange, 'responseBody')
    const text = field(body, 'text')
    set(`${at}.body`, typeof text === 'string' ? parsed(text) : field(body, 'sha256'))
  }
  return facts
}

function field(value: unknown, ...path: DataPath): unknown {
  return valueAt(value, path)
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function parsed(text: string): unknown {
  try {
    return readJson(text)
  } catch {
    // What is no JSON is compared as the text that it is.
    return text
  }
}

function toPattern(path: string): RegExp {
  const source = path.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${source.join('.*')}(\\.|$)`)
}
