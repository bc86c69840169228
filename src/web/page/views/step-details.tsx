import type { ComponentChildren, VNode } from 'preact'
import { durationText } from '../../../report/html/verdict.ts'
import { visible } from '../../../util/text/visible.ts'
import type { StepView } from '../steps.ts'
import { shortJson } from '../value-text.ts'
import { CurlView, ExchangeView } from './exchange-view.tsx'
import { inline, Markdown } from './markdown.tsx'
import { StepTitle } from './step-title.tsx'

/** All of one step: before it runs what it will do, afterwards what was sent and what came. */
export function StepDetails({
  step,
  label,
  children,
}: {
  readonly step: StepView
  readonly label: string
  /** What comes between the note and what is sent. */
  readonly children?: ComponentChildren
}): VNode {
  const { title, note, status, duration, planned } = step
  return (
    <>
      <header class="details-head">
        <p class="fact">
          {label} · {planned?.verb ?? 'part of a step'}
          {duration !== undefined && status !== 'skipped' && ` · ${durationText(duration)}`}
        </p>
        <h2>
          <StepTitle title={title} />
        </h2>
      </header>
      {note !== undefined && <Markdown text={note} />}
      {children}
      <Failure step={step} />
      {step.notices.map((notice) => (
        <p class="notice">{visible(notice)}</p>
      ))}
      {step.poll !== undefined && (
        <p class="fact">
          Asked {step.poll.attempt} times in {durationText(step.poll.after)}
        </p>
      )}
      {step.exchanges.length === 0 ? <Planned step={step} /> : <Exchanges step={step} />}
      {step.values.length > 0 && <Gains step={step} />}
    </>
  )
}

function Exchanges({ step }: { readonly step: StepView }): VNode {
  return (
    <>
      {step.exchanges.map(({ exchange, curl, glosses }) => (
        <ExchangeView exchange={exchange} curl={curl} glosses={glosses} />
      ))}
    </>
  )
}

function Gains({ step }: { readonly step: StepView }): VNode {
  return (
    <section aria-label="What the context gained">
      <h3>The context gained</h3>
      <ul class="gains">
        {step.values.map(({ name, value }) => (
          <li>
            <b aria-hidden="true">+</b> <code>{visible(name)}</code> = <code>{shortJson(value)}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Failure({ step }: { readonly step: StepView }): VNode | null {
  const { problem, mismatches, reason } = step
  if (reason !== undefined) return <p class="fact">Skipped: {visible(reason)}.</p>
  if (problem === undefined) return null
  return (
    <section class="card" aria-label="What went wrong">
      <p>
        <b>{visible(problem.message)}</b>
      </p>
      {mismatches.length > 1 && (
        <ul>
          {mismatches.map(({ subject, expected, found }) => (
            <li>
              <code>{visible(subject)}</code>: expected <code>{visible(expected)}</code>, found{' '}
              <code>{visible(found)}</code>
            </li>
          ))}
        </ul>
      )}
      {problem.hint !== undefined && <p class="hint">{visible(problem.hint)}</p>}
      <p class="fact">
        <code>{problem.code}</code>
        {problem.at !== undefined && `, line ${problem.at.line} of the recipe`}
      </p>
    </section>
  )
}

function Planned({ step: { planned, status } }: { readonly step: StepView }): VNode | null {
  if (planned === undefined) return null
  const { requests, does, conditions, remarks, expects, sets } = planned
  const isAhead = status === 'ready' || status === 'running'
  return (
    <>
      {requests.length > 0 && isAhead && <h3>What will be sent</h3>}
      {isAhead && requests.map(({ curl, glosses }) => <CurlView curl={curl} glosses={glosses} />)}
      {[...conditions, ...does].map((line) => (
        <p>{inline(visible(line))}</p>
      ))}
      {isAhead && remarks.map((line) => <p class="fact">{visible(line)}</p>)}
      {expects.length > 0 && (
        <section aria-label="What is checked">
          <h3>What is checked</h3>
          <dl class="headers">
            {expects.map(({ subject, expected }) => (
              <div>
                <dt>{visible(subject)}</dt>
                <dd>{visible(expected)}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {isAhead && sets.length > 0 && (
        <p class="fact">
          It sets{' '}
          {sets.map(({ name }, index) => (
            <>
              {index > 0 && ', '}
              <code>{visible(name)}</code>
            </>
          ))}
          .
        </p>
      )}
    </>
  )
}
