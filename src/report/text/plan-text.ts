import { type PermissionKind, permissionKinds } from '../../model/permission.ts'
import type { Plan, PlannedInput, PlannedPermission, PlannedStep } from '../../model/plan.ts'
import type { Output } from '../../model/reporter.ts'
import { oneLine } from '../../util/text/text-end.ts'
import { visible } from '../../util/text/visible.ts'
import { glossText } from './gloss-text.ts'
import type { Paint } from './paint.ts'
import { createPaint } from './paint.ts'
import { wrap } from './wrap.ts'

/** What of a plan is shown. */
export type PlanShow = { readonly curl: boolean }

type Page = {
  readonly width: number
  readonly paint: Paint
  readonly show: PlanShow
  /** The options of curl lines that have been explained. */
  readonly explained: Set<string>
}

/** Plans for people, in the form in which a run is told; an option of curl is explained where it appears first. */
export function planText(
  plans: readonly Plan[],
  { color, width }: Pick<Output, 'color' | 'width'>,
  show: PlanShow,
): string {
  const page: Page = { width, paint: createPaint(color), show, explained: new Set() }
  return plans.map((plan) => onePlan(plan, page)).join('\n')
}

function onePlan(plan: Plan, page: Page): string {
  const { paint } = page
  const on = plan.cloud === undefined ? '' : ` on ${plan.cloud}`
  return [
    `${paint.bold(visible(plan.recipe))} ${paint.dim(visible(`${plan.file}${on}`))}\n`,
    ...(plan.description === undefined ? [] : [dimmed(plan.description, '  ', page)]),
    ...(plan.inputs.length === 0 ? [] : [heading('inputs', paint), inputsText(plan.inputs, page)]),
    ...(plan.permissions.length === 0
      ? []
      : [heading('what it may do', paint), permissionsText(plan.permissions, page)]),
    heading('steps', paint),
    ...plan.steps.map((step) => stepText(step, page)),
    heading('cleaning up, however the run ends', paint),
    ...(plan.cleanup.length === 0 ? ['    There is nothing to do.\n'] : []),
    ...plan.cleanup.map((step) => stepText(step, page)),
  ].join('')
}

function heading(text: string, paint: Paint): string {
  return `  ${paint.bold(text)}\n`
}

function inputsText(inputs: readonly PlannedInput[], { width, paint }: Page): string {
  return inputs
    .map((input) => {
      const value =
        input.value === undefined ? '' : ` = ${visible(JSON.stringify(input.value)).slice(0, 200)}`
      const facts = [
        ...(input.required && input.value === undefined ? ['must be given'] : []),
        ...(input.secret ? ['secret'] : []),
      ].join(', ')
      const about = [facts, input.description === undefined ? '' : oneLine(visible(input.description))]
      const text = about.filter((part) => part !== '').join('; ')
      const first = `    ${paint.blue(visible(input.name))}${value}`
      return text === '' ? `${first}\n` : `${first}\n${wrap(paint.dim(text), width, '      ')}\n`
    })
    .join('')
}

function permissionsText(permissions: readonly PlannedPermission[], { width, paint }: Page): string {
  return (Object.keys(permissionKinds) as PermissionKind[])
    .map((kind) => {
      const asked = permissions.filter((one) => one.kind === kind)
      if (asked.length === 0) return ''
      const [{ flag } = {}] = asked
      // Where something is refused without a flag, its place is worth a look.
      const items = asked.map(({ what, at }) => (flag === undefined ? what : `${what} (${at})`)).join(', ')
      const mark = flag === undefined ? '' : `${paint.yellow(`needs ${flag}:`)} `
      const text = `${mark}${permissionKinds[kind].says}: ${visible(items)}`
      return `${wrap(text, width, '    ')}\n`
    })
    .join('')
}

function stepText(step: PlannedStep, page: Page): string {
  const { width, paint, show, explained } = page
  const say = (text: string): string => `${wrap(visible(text), width, '    ')}\n`
  const labelled = (label: string, text: string): string =>
    `    ${paint.green(label)} ${wrap(visible(text), width, '      ').trimStart()}\n`
  const number = step.number === undefined ? '-' : `${step.number}.`
  const requests = step.requests.map(({ curl, glosses = [] }) => {
    const fresh = glosses.filter(({ words }) => !explained.has(words))
    for (const { words } of fresh) explained.add(words)
    return `    ${paint.blue('$')} ${visible(curl)}\n${glossText(fresh, width, paint)}`
  })
  const sets = step.sets.map(({ name, from }) => (from === undefined ? name : `${name} (${from})`)).join(', ')
  return [
    `  ${paint.bold(number)} ${visible(step.title)}\n`,
    ...(step.note === undefined ? [] : [dimmed(step.note, '    ', page)]),
    ...step.conditions.map(
      (text) => `    ${paint.yellow('~')} ${wrap(visible(text), width, '      ').trimStart()}\n`,
    ),
    ...step.does.map(say),
    ...(show.curl ? requests : []),
    ...step.remarks.map(
      (text) => `    ${paint.dim('i')} ${wrap(visible(text), width, '      ').trimStart()}\n`,
    ),
    ...step.expects.map(({ subject, expected }) => labelled('expects', `${subject}: ${expected}`)),
    ...(sets === '' ? [] : [labelled('sets', sets)]),
  ].join('')
}

function dimmed(text: string, indent: string, { width, paint }: Page): string {
  return `${wrap(paint.dim(visible(oneLine(text))), width, indent)}\n`
}
