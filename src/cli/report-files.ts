import type { SafeEvent } from '../model/event.ts'
import { OsrunError } from '../model/problem.ts'
import type { ReportKind, ReportOptions } from '../model/reporter.ts'
import { reportKinds } from '../report/index.ts'
import { nearest } from '../util/nearest.ts'
import type { Io } from './io.ts'
import { prepareFile, writeWholeFile } from './whole-file.ts'

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
  for (const { path } of report) if (path !== '-') await prepareFile(path, { what: 'report', cwd })
  if (record !== undefined) await prepareFile(record, { what: 'recording', cwd })
}

/**
 * Writes one report when all events have come, or as they come where its kind is live; its owner alone can read the file,
 * unless the kind is for others.
 */
export async function writeReport(
  target: ReportTarget,
  events: AsyncIterable<SafeEvent>,
  options: ReportOptions,
  { stdout, cwd }: Pick<Io, 'stdout' | 'cwd'>,
): Promise<void> {
  const report = await target.kind.load()
  let text = ''
  const isLive = target.path === '-' && target.kind.isLive === true
  const write = (part: string): void => {
    if (isLive) stdout.write(part)
    else text += part
  }
  await report(events, { write, isTerminal: false, color: false, width: 100 }, options)
  if (target.path === '-') {
    stdout.write(text)
    return
  }
  const mode = target.kind.isForOthers === true ? 0o644 : 0o600
  await writeWholeFile(target.path, text, { what: 'report', mode, cwd })
}
