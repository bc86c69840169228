import type { RunEvent, Safe, SafeEvent } from '../../model/event.ts'
import { maskEvent } from '../../secrets/event-rules.ts'
import type { Masker } from '../../secrets/masker.ts'

/** The one way from what happens to what is shown; gives back the event as everybody else sees it. */
export type Emit = <Event extends RunEvent>(event: Event) => Safe<Event>

/** Makes what masks and freezes each event, once, and pushes it; `run` is empty for those of a suite or a session. */
export function createEmitter(masker: Masker, run: string, push: (event: SafeEvent) => void): Emit {
  return (event) => {
    const safe = maskEvent(event, run, masker.mask)
    push(safe)
    return safe
  }
}
