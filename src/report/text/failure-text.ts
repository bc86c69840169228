import type { ExchangeRecord, StepResult } from '../../model/event.ts'
import { visible } from '../../util/text/visible.ts'
import { createPaint } from './paint.ts'
import { caretLines, placeText, problemText } from './problem-text.ts'
import { wrap } from './wrap.ts'

/** What went wrong in a step: place with caret, expected and found, the cloud's words, what to try. */
export function failureText(
  result: Exclude<StepResult, { status: 'passed' | 'skipped' }>,
  last: ExchangeRecord | undefined,
  style: { readonly color: boolean; readonly width: number },
): string {
  const paint = createPaint(style.color)
  const lines: string[] = []
  if (result.status === 'errored' || result.mismatches.length === 0)
    lines.push(problemText(result.problem, { ...style, indent: '    ' }))
  else
    for (const { subject, expected, found, at } of result.mismatches) {
      lines.push(`    ${paint.bold(placeText(at))} ${paint.red(visible(subject))}`)
      lines.push(...caretLines(at, paint, '    ', style.width))
      lines.push(
        `      expected ${paint.green(visible(expected))}`,
        `      found    ${paint.red(visible(found))}`,
      )
    }
  if (result.status === 'failed' && last?.status !== undefined) {
    const id = last.requestId === undefined ? '' : `, request id ${last.requestId}`
    lines.push(`      ${visible(`${last.method} ${last.url}`)} answered ${last.status}${visible(id)}`)
    if (last.cloudMessage !== undefined)
      lines.push(wrap(`the cloud says: ${visible(last.cloudMessage)}`, style.width, '      '))
    const hint = result.problem.hint ?? hintFor(last.status)
    if (hint !== undefined && result.mismatches.length > 0)
      lines.push(wrap(`${paint.blue('try:')} ${visible(hint)}`, style.width, '      '))
  }
  return lines.map((line) => `${line}\n`).join('')
}

/** What to try after an answer with this status; nothing where that is not known. */
export function hintFor(status: number): string | undefined {
  switch (status) {
    case 401:
      return 'The token has expired or was revoked, or it is of another cloud: put an authenticate before the step.'
    case 403:
      return "The token's project or roles do not allow it; `osrun cloud` shows who asks. An unscoped token gets 403 from most services."
    case 404:
      return 'Look at the path and at the endpoint: another region or project has other things. -v shows what was sent.'
    case 409:
      return 'It exists already, or is in use; a container must be empty to be deleted.'
    case 429:
      return 'Too many requests lately; wait as long as Retry-After says.'
    case 503:
      return 'The service is overloaded or in maintenance; try again a little later.'
    default:
      return undefined
  }
}
