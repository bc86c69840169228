import type { SafeEvent } from '../../../model/event.ts'
import { visible } from '../../../util/text/visible.ts'
import type { Learner } from '../learner.ts'

/** Tells how a run cleans up and how it ended; the steps of the recipe itself are told elsewhere. */
export function cleanupTeller({ say, paint }: Learner): (event: SafeEvent) => void {
  let isCleaning = false
  return (event) => {
    if (event.type === 'notice' && event.step === undefined)
      say(`  ${paint.yellow('note:')} ${visible(event.message)}\n`)
    if (event.type === 'step:end' && event.phase === 'cleanup') {
      if (!isCleaning) say(`\n  ${paint.bold('Cleaning up')}\n`)
      isCleaning = true
      const { result } = event
      if (result.status === 'passed') say(`  ${paint.green('✓')} ${visible(event.title)}\n`)
      else if (result.status === 'skipped')
        say(`  ${paint.dim(`- ${visible(event.title)}: ${result.reason}`)}\n`)
      else say(`  ${paint.red('✗')} ${visible(event.title)}: ${visible(result.problem.message)}\n`)
    }
    if (event.type === 'run:end') {
      const { requests, tokens, leftovers, problem } = event.result
      say(
        `\n  ${count(requests, 'request')}, ${count(tokens.made, 'token')} made, ${tokens.revoked} revoked.\n`,
      )
      // What steps and an interrupt tell has been told.
      if (problem?.from === 'outputs') say(`  ${paint.red('✗')} ${visible(problem.message)}\n`)
      for (const { message } of leftovers) say(`  ${paint.red('left behind:')} ${visible(message)}\n`)
    }
  }
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`
}
