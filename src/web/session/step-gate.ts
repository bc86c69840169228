import type { Gate, Stop } from '../../model/gate.ts'

/** Holds a run before each of its steps, and after the last one where there is a task, until somebody lets it go on. */
export type StepGate = Gate & {
  /** Lets one step go. */
  one(): void
  /** Lets all go. */
  all(): void
  /** Ends the run before its next step. */
  quit(): void
}

/** Makes a gate that is shut. */
export function createStepGate(options: {
  /** The number of steps. */
  readonly steps: number
  /** Whether there is something to do between the last step and cleaning up. */
  readonly hasTask: boolean
  /** Told that the run waits before a step. */
  readonly onStep: (at: Stop) => void
  /** Told that all steps have passed and the task is next. */
  readonly onTask: (at: Stop) => void
  /** Told that the run goes on. */
  readonly onGo: () => void
}): StepGate {
  let allowed = 0
  let isOver = false
  let wake = (): void => {}
  const waitFor = async (tell: () => void): Promise<void> => {
    if (isOver) return
    const woken = new Promise<void>((resolve) => {
      wake = resolve
    })
    tell()
    await woken
  }
  const allow = (steps: number): void => {
    allowed = steps
    wake()
  }
  return {
    async before(at) {
      if (allowed === 0) await waitFor(() => options.onStep(at))
      if (isOver) return 'quit'
      allowed -= 1
      options.onGo()
      return 'go'
    },
    async after(at, { result }) {
      const isDone = result.status === 'passed' && at.index === options.steps - 1
      if (!options.hasTask || !isDone) return 'go'
      await waitFor(() => options.onTask(at))
      options.onGo()
      return 'go'
    },
    one: () => allow(1),
    all: () => allow(Number.POSITIVE_INFINITY),
    quit() {
      isOver = true
      wake()
    },
  }
}
