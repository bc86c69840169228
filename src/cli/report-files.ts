import { rename, rm, writeFile } from 'node:fs/promises'
import type { SafeEvent } from '../model/event.ts'
import { OsrunError } from '../model/problem.ts'
import type { ReportKind, ReportOptions } from '../model/reporter.ts'
import { reportKinds } from '../report/index.ts'
import { draftPath } from '../util/draft-path.ts'
import { fileTrouble } from '../util/file-trouble.ts'
import { nearest } from '../util/nearest.ts'

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

/**
 * Writes one report when all events have come, or as they come where its kind is live: to a file beside the target first, readable by its owner
 * alone, then renamed, so that nobody ever reads half a report.
 */
export async function writeReport(
  target: ReportTarget,
  events: AsyncIterable<SafeEvent>,
  options: ReportOptions,
): Promise<void> {
  const report = await target.kind.load()
  let text = ''
  const isLive = target.path === '-' && target.kind.isLive === true
  const write = (part: string): void => {
    if (isLive) process.stdout.write(part)
    else text += part
  }
  await report(events, { write, isTerminal: false, color: false, width: 100 }, options)
  if (target.path === '-') {
    process.stdout.write(text)
    return
  }
  let draft = target.path
  try {
    draft = draftPath(target.path, `.${process.pid}.part`)
    await writeFile(draft, text, { mode: 0o600 })
    if (draft !== target.path) await rename(draft, target.path)
  } catch (cause) {
    // What keeps it from being removed is what kept it from being written, and that is told.
    if (draft !== target.path) await rm(draft, { force: true }).catch(() => {})
    throw new OsrunError(
      'FILE_UNWRITABLE',
      `The report "${target.path}" cannot be written: ${fileTrouble(cause)}.`,
      { cause },
    )
  }
}
