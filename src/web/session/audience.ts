import type { EventStream } from '../event-stream.ts'
import type { PageMessage } from '../message.ts'

/** How many messages are kept for a page that is loaded again; of a longer run the first exchanges are not. */
const mostKept = 2000

/** The browsers that show one page, and what they were told since its recipe was opened. */
export type Audience = {
  readonly isEmpty: boolean
  tell(message: PageMessage): void
  /** Tells a browser this first, then all that was told, and all that will be; settles when it is gone. */
  listen(stream: EventStream, first: PageMessage): Promise<void>
  /** Lets them go. */
  end(): void
}

/** Makes an audience of nobody. */
export function createAudience(): Audience {
  const streams = new Set<EventStream>()
  let history: PageMessage[] = []
  return {
    get isEmpty() {
      return streams.size === 0
    },
    tell(message) {
      if (message.type === 'opened') history = []
      history.push(message)
      if (history.length > mostKept) history = withoutOldExchanges(history)
      for (const stream of streams) stream.send(message)
    },
    async listen(stream, first) {
      stream.send(first)
      for (const message of history) stream.send(message)
      streams.add(stream)
      await stream.closed
      streams.delete(stream)
    },
    end() {
      for (const stream of streams) stream.end()
    },
  }
}

function withoutOldExchanges(history: readonly PageMessage[]): PageMessage[] {
  const isExchange = (message: PageMessage): boolean =>
    message.type === 'event' && /^(exchange|poll|notice)$/.test(message.event.type)
  const kept = history.filter((message, index) => index >= mostKept / 2 || !isExchange(message))
  return kept.length > mostKept ? [...kept.slice(0, 1), ...kept.slice(-mostKept / 2)] : kept
}
