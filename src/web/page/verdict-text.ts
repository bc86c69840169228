import { isOfStep } from '../../report/failures.ts'
import { durationText } from '../../report/html/verdict.ts'
import type { PageState } from './state.ts'

/** How far the run of a page is, in a sentence. */
export function verdictText({ run, steps, result, plan }: PageState): string {
  if (result !== undefined && run.at === 'end') {
    const { tokens, requests, duration, leftovers, problem } = result
    const facts = `${count(requests, 'request')}, ${count(tokens.made, 'token')} made, ${tokens.revoked} revoked, ${durationText(duration)}`
    if (result.status === 'passed') return `Passed: ${facts}.`
    if (problem === undefined && leftovers.length > 0)
      return `Not all could be cleaned up: ${leftovers[0]?.message ?? ''}`
    const hasFailedStep = steps.some(({ phase, status }) => phase === 'main' && status === 'failed')
    const why = problem === undefined || isOfStep(problem, hasFailedStep) ? '' : ` ${problem.message}`
    return `${result.status === 'interrupted' ? 'Interrupted' : 'Did not pass'}: ${facts}.${why}`
  }
  const of = plan?.steps.length ?? 0
  const isCleaningUp = steps.some(({ phase, status }) => phase === 'cleanup' && status === 'running')
  switch (run.at) {
    case 'start':
      return of === 0 ? '' : `${count(of, 'step')}, none run yet.`
    case 'step': {
      const index = plan?.steps.findIndex(({ id }) => id === run.step) ?? -1
      return `Waits before step ${index + 1} of ${of}.`
    }
    case 'work':
      return isCleaningUp ? 'Cleans up …' : 'Runs …'
    case 'task':
      return 'All steps have passed, and what they made is still there: now you.'
    case 'question':
      return 'Waits for you.'
    case 'end':
      return 'Ended.'
    default:
      run satisfies never
      return ''
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
