/** Milliseconds that a request for a token may go on after its time, so that a token that comes late is known and revoked. */
const grace = 5000

/** What a request for a token is sent under. */
export type LoginGrace = Disposable & {
  /** Aborts, for the same reason as the one that was given, when the grace after it has passed. */
  readonly signal: AbortSignal
  /** Milliseconds for the request, the grace included. */
  readonly timeout: number
}

/**
 * Gives a request for a token time beyond its signal and its time-out in milliseconds. Whoever has sent it looks at the
 * signal that was given before using the token.
 */
export function graceForLogin(signal: AbortSignal, timeout: number): LoginGrace {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const start = (): void => {
    timer = setTimeout(() => controller.abort(signal.reason), grace)
  }
  if (signal.aborted) controller.abort(signal.reason)
  else signal.addEventListener('abort', start, { once: true })
  return {
    signal: controller.signal,
    timeout: timeout + grace,
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal.removeEventListener('abort', start)
    },
  }
}
