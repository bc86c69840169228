import { isCancel, select, text } from '@clack/prompts'
import type { Output } from '../../model/reporter.ts'
import { createPaint } from '../../report/paint.ts'
import type { Choice, Learner } from './learner.ts'
import { roomOf } from './room.ts'

/** Talks with somebody at a terminal; Ctrl-C, or `signal`, is the wish to leave. */
export function terminalLearner(output: Output, signal: AbortSignal): Learner {
  return {
    width: roomOf(output),
    paint: createPaint(output.color),
    isAudience: false,
    say: output.write,
    async choose<T extends string>(
      question: string,
      choices: readonly Choice<T>[],
      initial?: T,
    ): Promise<T | undefined> {
      const options = choices.map(({ value, label, hint }) => ({
        value: value as string,
        label,
        ...(hint !== undefined && { hint }),
      }))
      const chosen = await select<string>({
        message: question,
        options,
        signal,
        ...(initial !== undefined && { initialValue: initial }),
      })
      return isCancel(chosen) ? undefined : choices.find(({ value }) => value === chosen)?.value
    },
    async ask(question) {
      const answer = await text({
        message: question,
        signal,
        validate: (given) => ((given ?? '').trim() === '' ? 'Type an answer, then Enter.' : undefined),
      })
      return isCancel(answer) ? undefined : answer.trim()
    },
    pause: async () => {},
  }
}
