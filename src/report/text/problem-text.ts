import type { Position, Problem } from '../../model/problem.ts'
import { visible } from '../../util/text/visible.ts'
import { createPaint, type Paint } from './paint.ts'
import { wrap } from './wrap.ts'

/** How a problem is written. */
export type ProblemStyle = { readonly color: boolean; readonly width: number; readonly indent?: string }

/** A problem for people: place, message, the line with a caret, what lies behind it, what to do. No line break at the end. */
export function problemText(
  problem: Omit<Problem, 'code'> & { readonly code: string },
  { color, width, indent = '' }: ProblemStyle,
): string {
  const paint = createPaint(color)
  const place = problem.at === undefined ? '' : `${paint.bold(placeText(problem.at))} `
  const lines = [`${indent}${place}${paint.red(problem.code)} ${visible(problem.message)}`]
  if (problem.at !== undefined) lines.push(...caretLines(problem.at, paint, indent, width))
  const causes = problem.causes.filter((cause) => !problem.message.includes(cause))
  for (const cause of causes) lines.push(wrap(paint.dim(`because: ${visible(cause)}`), width, `${indent}  `))
  if (problem.hint !== undefined)
    lines.push(wrap(`${paint.blue('try:')} ${visible(problem.hint)}`, width, `${indent}  `))
  return lines.join('\n')
}

/** `file:line:column`. */
export function placeText({ file, line, column }: Position): string {
  return visible(`${file}:${line}:${column}`)
}

/** The line of a place, and carets under what is meant; nothing when the line is not known. */
export function caretLines(at: Position, paint: Paint, indent: string, width: number): readonly string[] {
  if (at.source === undefined) return []
  const gutter = `${at.line} | `
  const room = Math.max(20, width - indent.length - gutter.length - 2)
  // A long line is shown from where it matters.
  const start = at.column > room ? at.column - Math.floor(room / 2) : 1
  const source = visible(at.source.slice(start - 1, start - 1 + room))
  const before = visible(at.source.slice(start - 1, at.column - 1)).length
  const carets = '^'.repeat(Math.max(1, Math.min(at.length ?? 1, room - before)))
  return [
    `${indent}  ${paint.dim(gutter)}${source}`,
    `${indent}  ${' '.repeat(gutter.length + before)}${paint.red(carets)}`,
  ]
}
