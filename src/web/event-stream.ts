import type { IncomingMessage, ServerResponse } from 'node:http'
import { safeHeaders } from './answer.ts'

/** Milliseconds between two signs of life, which tell who listens that the server is there. */
const pulse = 15_000
/** How many bytes may wait for a slow reader before it is cut off; it comes again and gets all anew. */
const mostWaiting = 16 * 1024 * 1024

/** A browser that listens. */
export type EventStream = {
  /** Sends one value, as JSON. */
  send(value: unknown): void
  end(): void
  /** Settles when nobody listens any more. */
  readonly closed: Promise<void>
}

/** Answers with server-sent events. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function openEventStream(request: IncomingMessage, response: ServerResponse): EventStream {
  response.writeHead(200, { ...safeHeaders, 'Content-Type': 'text/event-stream; charset=utf-8' })
  // A browser that loses the server asks again after so many milliseconds.
  response.write('retry: 1000\n\n')
  const timer = setInterval(() => response.write(':\n\n'), pulse)
  const closed = new Promise<void>((resolve) => {
    const close = (): void => {
      clearInterval(timer)
      resolve()
    }
    response.once('close', close)
    request.once('error', close)
  })
  return {
    closed,
    end: () => void response.end(),
    send(value) {
      if (response.destroyed || response.writableEnded) return
      response.write(`data: ${JSON.stringify(value)}\n\n`)
      if (response.writableLength > mostWaiting) response.destroy()
    },
  }
}
