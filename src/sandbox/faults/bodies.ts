import type { Delivery } from '../reply.ts'
import type { Effect, Fault } from './fault.ts'
import { millisecondsOf } from './fault.ts'

/** A body that stops on its way for a while. */
export const slowBody: Fault = {
  name: 'slow-body',
  summary: 'What a GET of the object store brings comes in two halves, the second this much later.',
  value: { kind: 'duration', default: '5s' },
  begin: (value) => deliver({ kind: 'slow', pause: millisecondsOf(value) ?? 0 }),
}

/** A body that breaks off. */
export const cutBody: Fault = {
  name: 'cut-body',
  summary: 'The connection breaks in the middle of what a GET of the object store brings.',
  begin: () => deliver({ kind: 'cut' }),
}

/** A body without end. */
export const endlessBody: Fault = {
  name: 'endless-body',
  summary: 'What a GET of the object store brings never ends.',
  begin: () => deliver({ kind: 'endless' }),
}

function deliver(delivery: Delivery): Effect {
  return {
    change(reply, { call, service }) {
      const brings = service === 'object-store' && call.method === 'GET' && reply.status < 300
      return brings && reply.body !== undefined ? { ...reply, delivery } : reply
    },
  }
}
