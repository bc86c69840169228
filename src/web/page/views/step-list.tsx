import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { durationText } from '../../../report/html/verdict.ts'
import type { StepStatus, StepView } from '../steps.ts'
import { StatusChip } from './exchange-view.tsx'
import { StepTitle } from './step-title.tsx'

const signs: Readonly<Record<StepStatus, readonly [sign: string, word: string]>> = {
  ready: ['', 'not run yet'],
  running: ['▸', 'running'],
  passed: ['✓', 'passed'],
  failed: ['✗', 'failed'],
  allowed: ['!', 'failed, which it may'],
  skipped: ['–', 'skipped'],
}

/** The steps of a recipe and those of cleaning up, to be chosen; arrow keys go from one to the next. */
export function StepList(props: {
  readonly steps: readonly StepView[]
  readonly selected: string | undefined
  /** The key of the step before which the run waits. */
  readonly next: string | undefined
  readonly onSelect: (key: string) => void
}): VNode {
  const { steps } = props
  const main = steps.filter(({ phase }) => phase === 'main')
  const cleanup = steps.filter(({ phase }) => phase === 'cleanup')
  return (
    <div class="steps">
      <ol aria-label="Steps">
        {main.map((step) => (
          <StepRow key={step.key} step={step} {...props} />
        ))}
      </ol>
      {cleanup.length > 0 && <h2>Cleaning up</h2>}
      <ol aria-label="Steps of cleaning up">
        {cleanup.map((step) => (
          <StepRow key={step.key} step={step} {...props} />
        ))}
      </ol>
    </div>
  )
}

function StepRow({
  step,
  selected,
  next,
  onSelect,
}: {
  readonly step: StepView
  readonly selected: string | undefined
  readonly next: string | undefined
  readonly onSelect: (key: string) => void
}): VNode {
  const { key, status, title, planned, duration, within } = step
  const [sign, word] = signs[status]
  const answer = step.exchanges.at(-1)?.exchange.status
  const classes = [
    'step',
    status,
    ...(key === next ? ['next'] : []),
    ...(within === undefined ? [] : ['part']),
  ]
  const button = useRef<HTMLButtonElement>(null)
  const isRunning = status === 'running'
  useEffect(() => {
    if (isRunning) button.current?.scrollIntoView({ block: 'nearest' })
  }, [isRunning])
  return (
    <li>
      <button
        ref={button}
        type="button"
        class={classes.join(' ')}
        aria-current={key === selected ? 'step' : undefined}
        onClick={() => onSelect(key)}
        onKeyDown={(event) => walk(event, '.steps')}
      >
        <span class="sign" role="img" aria-label={key === next ? 'next' : word}>
          {sign === '' ? (step.phase === 'main' ? planned?.number : '·') : sign}
        </span>
        <span class="title">
          <StepTitle title={title} />
        </span>
        {answer !== undefined && <StatusChip status={answer} />}
        {duration !== undefined && status !== 'skipped' && <span class="time">{durationText(duration)}</span>}
      </button>
    </li>
  )
}

/** Moves the focus by the arrow keys among the buttons of what the selector finds around this one. */
export function walk(event: KeyboardEvent, around: string): void {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.currentTarget instanceof HTMLElement)) return
  const buttons = [...(event.currentTarget.closest(around)?.querySelectorAll('button') ?? [])]
  const at = buttons.indexOf(event.currentTarget as HTMLButtonElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key]
  if (to === undefined) return
  event.preventDefault()
  buttons[to]?.focus()
}
