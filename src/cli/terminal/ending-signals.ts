import type { SignalSource } from '../io.ts'

/**
 * The signals that ask a program to end and can be heard: from a terminal, from whoever stops jobs, from limits of time
 * that others have set. SIGUSR1 would make Node open its debugger; batch systems send it, as SIGUSR2, before they kill.
 */
const names = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGALRM', 'SIGXCPU', 'SIGUSR1', 'SIGUSR2'] as const

/** One of the signals that ask a program to end. */
export type EndingSignal = (typeof names)[number]

/** What a terminal sends to all programs on it when a key is pressed. */
export const ofKeys: ReadonlySet<EndingSignal> = new Set(['SIGINT', 'SIGQUIT'])

/** A terminal that goes away is told by the system and by the shell, a limit of CPU time once for each second beyond it. */
const onlyOnce: ReadonlySet<EndingSignal> = new Set(['SIGHUP', 'SIGXCPU'])

/** Milliseconds within which several signals are one wish: `timeout` sends its signal twice, npm hands on what has come already. */
const together = 200

/**
 * Listens to all signals that ask a program to end, until it is disposed of. Those that mean no more than the one before
 * are left out.
 *
 * @param onSignal gives false where the signal was not for this program
 */
export function listenForEnding(source: SignalSource, onSignal: (name: EndingSignal) => boolean): Disposable {
  let last: number | undefined
  const listeners = names.map((name) => {
    const listener = (): void => {
      const now = performance.now()
      if (last !== undefined && (now - last < together || onlyOnce.has(name))) return
      if (onSignal(name)) last = now
    }
    source.on(name, listener)
    return [name, listener] as const
  })
  return {
    [Symbol.dispose]() {
      for (const [name, listener] of listeners) source.off(name, listener)
    },
  }
}
