import { setTimeout } from 'node:timers/promises'
import type { Output } from '../../model/reporter.ts'
import { createPaint } from '../../report/text/paint.ts'
import { wrap } from '../../report/text/wrap.ts'
import type { Choice, Learner } from './learner.ts'
import { roomOf } from './learner.ts'

/** Plays a lesson for an audience: shows the choices of a question, waits so many milliseconds, and takes the first one. */
export function audienceLearner(output: Output, milliseconds: number, signal: AbortSignal): Learner {
  const pause = async (): Promise<void> => {
    // Whoever ends the pause ends the run as well, by the same signal.
    await setTimeout(milliseconds, undefined, { signal }).catch(() => {})
  }
  return {
    width: roomOf(output),
    paint: createPaint(output.color),
    isAudience: true,
    say: output.write,
    async choose<T extends string>(question: string, choices: readonly Choice<T>[]): Promise<T | undefined> {
      const lines = choices.map(({ label }, index) => `    ${index + 1}. ${label}`)
      output.write(`${wrap(question, roomOf(output), '  ')}\n${lines.join('\n')}\n`)
      await pause()
      return signal.aborted ? undefined : choices[0]?.value
    },
    ask: async () => undefined,
    pause,
  }
}
