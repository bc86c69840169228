import type { RunEvent, RunResult, SafeEvent } from '../../model/event.ts'
import type { ReportOptions } from '../../model/reporter.ts'
import { oneLine } from '../../util/text/text-end.ts'
import { visible } from '../../util/text/visible.ts'
import type { Paint } from '../text/paint.ts'
import { runSummary } from '../text/summary-text.ts'
import { whereText } from '../text/where-text.ts'
import { wrap } from '../text/wrap.ts'

/** One of the events, by its type. */
export type EventOf<Type extends RunEvent['type']> = Extract<SafeEvent, { readonly type: Type }>

/** How the lines of a terminal are written. */
export type LineStyle = { readonly paint: Paint; readonly width: number }

/** The lines that a run begins with: its recipe, where it stands, and what it is for. */
export function startText(event: EventOf<'run:start'>, { paint, width }: LineStyle): string {
  const { recipe, file, description } = event
  const where = whereText(event)
  const place = paint.dim(visible(`${file}${where === '' ? '' : ` on ${where}`}`))
  const first = `${paint.bold(visible(recipe))} ${place}\n`
  return description === undefined ? first : `${first}${dimText(description, '  ', { paint, width })}`
}

/** A note of a recipe, in lines of their own. */
export function dimText(text: string, indent: string, { paint, width }: LineStyle): string {
  return `${wrap(paint.dim(visible(oneLine(text))), width, indent)}\n`
}

/** What is to be known of a run. */
export function noticeText({ message, level }: EventOf<'notice'>, { paint, width }: LineStyle): string {
  const mark = level === 'warning' ? paint.yellow('!') : paint.dim('i')
  return `  ${mark} ${wrap(visible(message), width, '    ').trimStart()}\n`
}

/** A question, and how it is answered. */
export function questionText({ text }: EventOf<'question'>, { paint, width }: LineStyle): string {
  const question = wrap(visible(text), width, '    ').trimStart()
  return `  ${paint.yellow('?')} ${question} ${paint.dim('(Enter goes on)')}\n`
}

/** A value that a step has set. */
export function contextText(
  { name, value, paste }: EventOf<'context'>,
  paint: Paint,
  { curl }: Pick<ReportOptions, 'curl'>,
): string {
  const shown = `    ${paint.dim(`${visible(name)} = ${visible(JSON.stringify(value)).slice(0, 200)}`)}\n`
  return curl && paste !== undefined ? `${shown}${shellText([paste], paint)}` : shown
}

/** Lines to be pasted into a shell. */
export function shellText(lines: readonly string[], paint: Paint): string {
  return lines.map((line) => `    ${paint.blue('$')} ${visible(line)}\n`).join('')
}

/** The line of a step that has ended. */
export function stepText(event: EventOf<'step:end'>, paint: Paint): string {
  const { result, title, duration, phase, allowedFailure } = event
  const name = visible(title)
  if (result.status === 'skipped') return `  ${paint.dim(`- ${name}: skipped, ${visible(result.reason)}`)}\n`
  const hasPassed = result.status === 'passed'
  const mark = hasPassed ? paint.green('✓') : allowedFailure ? paint.yellow('!') : paint.red('✗')
  const after = phase === 'cleanup' ? paint.dim(' (cleaning up)') : ''
  const took = paint.dim(` ${Math.round(duration)} ms`)
  return `  ${mark} ${name}${after}${took}${!hasPassed && allowedFailure ? paint.dim(' (may fail)') : ''}\n`
}

/** The line of a run that has ended. */
export function verdictText(result: RunResult, paint: Paint): string {
  const { skipped: why, exit, recipe, duration } = result
  const mark = why !== undefined ? '-' : exit === 0 ? paint.green('✓') : paint.red('✗')
  const told =
    why === undefined ? `${word(result, paint)}, ${runSummary(result)}` : `skipped, ${visible(why)}`
  return `${mark} ${paint.bold(visible(recipe))}: ${told} ${paint.dim(`${Math.round(duration)} ms`)}\n`
}

function word({ status, leftovers, problem }: RunResult, paint: Paint): string {
  if (status === 'passed') return paint.green('passed')
  if (problem === undefined && leftovers.length > 0) return paint.red('passed, but not all was cleaned up')
  return paint.red({ failed: 'failed', errored: 'could not be finished', interrupted: 'interrupted' }[status])
}
