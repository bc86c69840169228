import { render, type VNode } from 'preact'
import { useEffect, useReducer, useRef, useState } from 'preact/hooks'
import { visible } from '../../util/text/visible.ts'
import type { PageAction, PageMessage } from '../message.ts'
import { type Connection, connect } from './connection.ts'
import { emptyState, nextState, type PageState } from './state.ts'
import { verdictText } from './verdict-text.ts'
import { ContextView } from './views/context-view.tsx'
import { FaultSwitches } from './views/fault-switches.tsx'
import { InputsForm } from './views/inputs-form.tsx'
import { LessonList } from './views/lesson-list.tsx'
import { inline } from './views/markdown.tsx'
import { PracticeView } from './views/practice-view.tsx'
import { QuizView } from './views/quiz-view.tsx'
import { StepDetails } from './views/step-details.tsx'
import { StepList } from './views/step-list.tsx'
import { StepTitle } from './views/step-title.tsx'

function Page(): VNode {
  const [state, tell] = useReducer(nextState, emptyState)
  const [isConnected, setConnected] = useState(true)
  const connection = useRef<Connection | undefined>(undefined)
  useEffect(() => {
    connection.current = connect<PageMessage>(tell, setConnected)
  }, [])
  const send = (action: PageAction): void => void connection.current?.send(action)
  const { lessons, lesson, plan } = state
  useEffect(() => {
    document.title = plan === undefined ? 'osrun' : `${plan.recipe} · osrun`
  }, [plan])
  const details = useRef<HTMLElement>(null)
  useEffect(() => {
    details.current?.scrollTo(0, 0)
  }, [state.selected])
  const select = (step: string): void => tell({ type: 'select', step })
  const shown = state.steps.find(({ key }) => key === state.selected)
  const quiz = shown && state.quizzes[shown.key]
  const choice = shown && state.choices[shown.key]
  const next = state.steps.find(({ key }) => key === nextStep(state))
  const open = (id: number): void => send({ type: 'open', lesson: id })
  return (
    <div class="page">
      <a class="skip" href="#steps">
        To the steps
      </a>
      <nav class="lessons" aria-label="Recipes">
        <p class="brand">osrun</p>
        <LessonList lessons={lessons} passed={state.passed} lesson={lesson} onOpen={open} />
        {plan?.cloud !== undefined && <p class="fact">on {visible(plan.cloud)}</p>}
      </nav>
      <main id="steps" class="middle" tabIndex={-1}>
        <div class="scrolled">
          <Heading state={state} />
          <Toolbar state={state} send={send} select={select} />
          <Status state={state} isConnected={isConnected} />
          {plan !== undefined && lesson !== undefined && (
            <InputsForm
              key={`${lesson} ${JSON.stringify(plan.inputs)}`}
              inputs={plan.inputs}
              onOpen={(inputs) => send({ type: 'open', lesson, inputs })}
            />
          )}
          <StepList steps={state.steps} selected={state.selected} next={nextStep(state)} onSelect={select} />
          <PracticeView key={lesson} state={state} send={send} />
          <FaultSwitches faults={state.faults} send={send} />
        </div>
        <ContextView state={state} />
      </main>
      <section class="details" aria-label="The chosen step" ref={details}>
        {shown !== undefined && (
          <StepDetails key={shown.key} step={shown} label={labelOf(shown.key, state)}>
            {quiz !== undefined && (shown.status === 'ready' || choice !== undefined) && (
              <QuizView
                quiz={quiz}
                choice={choice}
                onChoose={(choice) => tell({ type: 'choose', step: shown.key, choice })}
              />
            )}
          </StepDetails>
        )}
        {next !== undefined && next !== shown && (
          <button type="button" class="go-on" onClick={() => select(next.key)}>
            Next: <StepTitle title={next.title} />
          </button>
        )}
      </section>
    </div>
  )
}

function Heading({ state: { plan } }: { readonly state: PageState }): VNode {
  return (
    <header>
      <h1>{plan === undefined ? 'osrun' : visible(plan.recipe)}</h1>
      {plan?.description !== undefined && <p class="about">{inline(plan.description)}</p>}
    </header>
  )
}

function Toolbar({
  state,
  send,
  select,
}: {
  readonly state: PageState
  readonly send: (action: PageAction) => void
  readonly select: (step: string) => void
}): VNode {
  const { run, plan } = state
  const isBusy = plan === undefined || run.at === 'work'
  const main = mainButton(state)
  // A button that is disabled would lose the focus, and with it whoever has but a keyboard.
  const button = (label: string, isOff: boolean, act: () => void, kind?: string): VNode => (
    <button type="button" class={kind} aria-disabled={isOff} onClick={isOff ? undefined : act}>
      {label}
    </button>
  )
  return (
    <div class="toolbar">
      {button(
        main.label,
        isBusy || main.does === undefined,
        () => {
          if (main.does === undefined) return
          if ('select' in main.does) select(main.does.select)
          else send(main.does)
        },
        'main',
      )}
      {button('Run all', isBusy || run.at === 'question' || run.at === 'task', () => send({ type: 'all' }))}
      {button('Reset', plan === undefined || run.at === 'start', () => send({ type: 'reset' }))}
    </div>
  )
}

type MainButton = {
  readonly label: string
  readonly does?: PageAction | { readonly select: string }
}

// A step that has a question is looked at before it is run.
function mainButton(state: PageState): MainButton {
  const { run, selected, quizzes, choices } = state
  if (run.at === 'question') return { label: 'Go on', does: { type: 'answer' } }
  if (run.at === 'task') return { label: 'Clean up', does: { type: 'step' } }
  if (run.at === 'end') return { label: 'Run step' }
  const next = nextStep(state)
  const isAsked = next !== undefined && quizzes[next] !== undefined && choices[next] === undefined
  if (isAsked && next !== selected) return { label: 'Next step', does: { select: next } }
  return { label: 'Run step', does: { type: 'step' } }
}

function Status({ state, isConnected }: { readonly state: PageState; readonly isConnected: boolean }): VNode {
  const { problem, run, result } = state
  return (
    <div role="status">
      {!isConnected && <p class="card">The server is not there. Is `osrun` still running in its terminal?</p>}
      {problem !== undefined && (
        <p class="card">
          {visible(problem.message)}
          {problem.hint !== undefined && ` ${visible(problem.hint)}`}
        </p>
      )}
      {run.at === 'question' && <p class="question">{inline(visible(run.text))}</p>}
      <p class={`verdict ${result?.exit === 0 ? 'passed' : result === undefined ? '' : 'failed'}`}>
        {verdictText(state)}
      </p>
    </div>
  )
}

function nextStep({ run, steps }: PageState): string | undefined {
  if (run.at === 'step') return run.step
  return run.at === 'start' ? steps[0]?.key : undefined
}

function labelOf(key: string, { steps }: PageState): string {
  const step = steps.find((one) => one.key === key)
  if (step?.phase === 'cleanup') return 'Cleaning up'
  const count = steps.filter(({ phase, planned }) => phase === 'main' && planned !== undefined).length
  const number = step?.planned?.number ?? steps.find((one) => one.key === step?.within)?.planned?.number
  return number === undefined ? 'Step' : `Step ${number} of ${count}`
}

render(<Page />, document.body)
