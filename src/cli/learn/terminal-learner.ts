import { isCancel, select, text } from '@clack/prompts'
import type { Output } from '../../model/reporter.ts'
import { createPaint } from '../../report/text/paint.ts'
import type { Io } from '../io.ts'
import { unshielded } from '../terminal/shield.ts'
import type { Learner } from './learner.ts'
import { roomOf } from './learner.ts'

/** Talks with somebody at a terminal; Ctrl-C, or `signal`, is the wish to leave. */
export function terminalLearner(
  output: Output,
  signal: AbortSignal,
  { stdin: input, stdout: shown }: Pick<Io, 'stdin' | 'stdout'>,
): Learner {
  const stdout = unshielded(shown)
  return {
    width: roomOf(output),
    paint: createPaint(output.color),
    isAudience: false,
    say: output.write,
    async choose(question, choices, initial) {
      const options = choices.map(({ value, label, hint }) => ({
        value: value as string,
        label,
        ...(hint !== undefined && { hint }),
      }))
      const chosen = await underOwn(signal, (own) =>
        select<string>({
          message: question,
          options,
          input,
          output: stdout,
          signal: own,
          ...(initial !== undefined && { initialValue: initial }),
        }),
      )
      return isCancel(chosen) ? undefined : choices.find(({ value }) => value === chosen)?.value
    },
    async ask(question) {
      const answer = await underOwn(signal, (own) =>
        text({
          message: question,
          input,
          output: stdout,
          signal: own,
          validate: (given) => ((given ?? '').trim() === '' ? 'Type an answer, then Enter.' : undefined),
        }),
      )
      return isCancel(answer) ? undefined : answer?.trim()
    },
    pause: async () => {},
  }
}

// A prompt goes on listening to its signal when it has been answered, and a course has hundreds of them.
// On a terminal that is gone one never ends, and whoever asks leaves: undefined.
async function underOwn<T>(
  signal: AbortSignal,
  prompt: (own: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const own = new AbortController()
  let abort = (): void => {}
  const left = new Promise<undefined>((resolve) => {
    abort = () => {
      setImmediate(resolve, undefined)
      own.abort(signal.reason)
    }
  })
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([prompt(own.signal), left])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
