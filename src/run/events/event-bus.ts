import type { RunEvent, Safe, SafeEvent } from '../../model/event.ts'
import { maskEvent } from '../../secrets/event-rules.ts'
import type { Masker } from '../../secrets/masker.ts'
import { createChannel } from './channel.ts'

/** The one way from what happens to what is shown: each event is masked and frozen here, once. */
export type EventBus = {
  /** Gives back the event as everybody else sees it. */
  emit<Event extends RunEvent>(event: Event): Safe<Event>
  end(): void
  readonly events: AsyncIterable<SafeEvent>
}

/** Makes a bus whose events have been through the masker and carry the id of their run. */
export function createEventBus(masker: Masker, run: string): EventBus {
  const channel = createChannel<SafeEvent>()
  return { emit: createEmitter(masker, run, channel.push), end: channel.end, events: channel }
}

/** Makes what masks events, and pushes them; `run` is empty for those of a suite or a session. */
export function createEmitter(
  masker: Masker,
  run: string,
  push: (event: SafeEvent) => void,
): EventBus['emit'] {
  return (event) => {
    const safe = maskEvent(event, run, masker.mask)
    push(safe)
    return safe
  }
}
