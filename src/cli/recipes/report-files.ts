import { resolve } from 'node:path'
import type { SafeEvent } from '../../model/event.ts'
import { OsrunError } from '../../model/problem.ts'
import type { ReportKind, ReportOptions } from '../../model/reporter.ts'
import { reportKinds } from '../../report/index.ts'
import { problemEvent } from '../../run/events/problem-event.ts'
import { nearest } from '../../util/text/nearest.ts'
import { prepareFile, writeWholeFile } from '../files/whole-file.ts'
import type { Io } from '../io.ts'

/** One `--report KIND=PATH`; `-` is stdout. */
export type ReportTarget = { readonly kind: ReportKind; readonly path: string }

/** Collects repeated `--report kind=path`. */
export function collectReport(text: string, before: readonly ReportTarget[] = []): readonly ReportTarget[] {
  const [name = '', ...rest] = text.split('=')
  const path = rest.join('=')
  const kind = reportKinds.find((one) => one.kind === name)
  const names = reportKinds.map((one) => one.kind)
  if (kind === undefined || path === '')
    throw new OsrunError(
      'USAGE_INVALID',
      kind === undefined
        ? `There is no report of kind "${name}".`
        : `--report ${name} needs a path: ${name}=FILE.`,
      { hint: kind === undefined ? suggestion(name, names) : 'A path of - is standard output.' },
    )
  return [...before, { kind, path }]
}

function suggestion(name: string, names: readonly string[]): string {
  const guess = nearest(name, names)
  return guess === undefined
    ? `There are: ${names.join(', ')}.`
    : `Did you mean ${guess}? There are: ${names.join(', ')}.`
}

/** Makes sure that the files which a run ends with can be written, before anything is sent. Throws FILE_UNWRITABLE. */
export async function prepareFiles(
  { report = [], record }: { readonly report?: readonly ReportTarget[]; readonly record?: string },
  cwd: string,
): Promise<void> {
  refuseSame(report, record, cwd)
  for (const { path } of report) if (path !== '-') await prepareFile(path, { what: 'report', cwd })
  if (record !== undefined) await prepareFile(record, { what: 'recording', cwd })
}

// No program reads two reports in one.
function refuseSame(report: readonly ReportTarget[], record: string | undefined, cwd: string): void {
  const users = new Map<string, string>()
  const use = (path: string, user: string): void => {
    const place = path === '-' ? 'standard output' : `"${path}"`
    const file = path === '-' ? path : resolve(cwd, path)
    const other = users.get(file)
    if (other !== undefined)
      throw new OsrunError(
        'USAGE_INVALID',
        `The ${other} and the ${user} cannot both be written to ${place}.`,
        {
          hint: 'Give one of them another file.',
        },
      )
    users.set(file, user)
  }
  for (const { kind, path } of report) use(path, `report ${kind.kind}`)
  if (record !== undefined) use(record, 'recording')
}

/** Whether a report is told on standard output event by event. */
export function isLive({ kind, path }: ReportTarget): boolean {
  return path === '-' && kind.isLive === true
}

/** Tells a report on standard output as its events come. */
export async function tellReport(
  { kind }: ReportTarget,
  events: AsyncIterable<SafeEvent>,
  options: ReportOptions,
  { stdout }: Pick<Io, 'stdout'>,
): Promise<void> {
  const report = await kind.load()
  await report(events, { ...plain, write: (text) => void stdout.write(text) }, options)
}

/**
 * Writes the reports when all events have come, and gives back what those threw that could not be made or written: the others
 * tell it. The owner alone can read a file, unless its kind is for others. What is for standard output comes last; `lost` says
 * whether that was lost.
 */
export async function writeReports(
  targets: readonly ReportTarget[],
  { events, options }: { readonly events: readonly SafeEvent[]; readonly options: ReportOptions },
  { stdout, cwd }: Pick<Io, 'stdout' | 'cwd'>,
  lost: () => Promise<unknown>,
): Promise<readonly unknown[]> {
  const told = [...events]
  const broken: unknown[] = []
  let left = targets
  const writeAll = async (): Promise<string> => {
    let text = ''
    const before = left
    for (const target of before)
      try {
        const own = await textOf(target.kind, told, options)
        if (target.path === '-') text += own
        else await writeFile(target, own, cwd)
      } catch (error) {
        left = left.filter((one) => one !== target)
        broken.push(error)
        told.push(problemEvent(error, 'report'))
      }
    // What is written already does not know of it yet.
    return left.length < before.length ? writeAll() : text
  }
  const text = await writeAll()
  if (text !== '') stdout.write(text)
  const loss = text === '' ? undefined : await lost()
  if (loss === undefined) return broken
  told.push(problemEvent(loss, 'report'))
  left = left.filter(({ path }) => path !== '-')
  await writeAll()
  return broken
}

const plain = { isTerminal: false, color: false, width: 100 } as const

async function textOf(
  kind: ReportKind,
  events: readonly SafeEvent[],
  options: ReportOptions,
): Promise<string> {
  const report = await kind.load()
  let text = ''
  const write = (part: string): void => {
    text += part
  }
  await report(
    (async function* () {
      yield* events
    })(),
    { ...plain, write },
    options,
  )
  return text
}

async function writeFile({ kind, path }: ReportTarget, text: string, cwd: string): Promise<void> {
  const mode = kind.isForOthers === true ? 0o644 : 0o600
  await writeWholeFile(path, text, { what: 'report', mode, cwd })
}
