import { createHash, timingSafeEqual } from 'node:crypto'
import type { Call, Header } from '../call.ts'
import { decodePercent } from '../call.ts'
import type { Reply } from '../reply.ts'
import type { Fault } from './fault.ts'
import { faults, readFault } from './index.ts'
import type { Switchboard } from './switchboard.ts'

/** The sandbox that is asked. */
type Administered = {
  readonly board: Switchboard
  /** Whoever sends it may switch; without one nobody may. */
  readonly key: string | undefined
  readonly hasTls: boolean
}

/**
 * Answers what is asked below `/osrun`: `GET /osrun/faults` lists, `PUT /osrun/faults/NAME?value=VALUE` switches on and
 * DELETE off. Every request needs the sandbox's key, so that no page in a browser of this computer changes anything.
 */
export function askAdmin(call: Call, path: string, { board, key, hasTls }: Administered): Reply {
  if (!isKey(call.header('X-Osrun-Key') ?? '', key))
    return say(401, 'The header X-Osrun-Key does not hold the key of this sandbox.')
  const [whole, name] = /^\/faults(?:\/([^/]+))?$/.exec(path) ?? []
  if (whole === undefined) return say(404, 'There is /osrun/faults, and nothing else.')
  if (name === undefined)
    return call.method === 'GET'
      ? json({ faults: faults.map((fault) => described(fault, board)) })
      : say(405, 'The list of faults can be read.', [['Allow', 'GET']])
  if (call.method === 'DELETE')
    return board.off(name) ? { status: 204, headers: [] } : say(404, `The fault "${name}" is not on.`)
  if (call.method !== 'PUT')
    return say(405, 'A fault can be switched on and off.', [['Allow', 'PUT, DELETE']])
  const value = call.query.get('value')
  const setting = readFault(`${decodePercent(name) ?? name}${value === undefined ? '' : `=${value}`}`, {
    hasTls,
  })
  if ('problem' in setting) return say('unknown' in setting ? 404 : 400, setting.problem)
  board.on(setting)
  return json(described(setting.fault, board))
}

// Hashes have the same length, which the comparison needs.
function isKey(given: string, key: string | undefined): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return key !== undefined && timingSafeEqual(hash(given), hash(key))
}

function described({ name, summary, value }: Fault, board: Switchboard): object {
  const on = board.list().find(({ fault }) => fault.name === name)
  return { name, summary, default: value?.default, on: on !== undefined, value: on?.value || undefined }
}

function json(value: object): Reply {
  return {
    status: 200,
    headers: [['Content-Type', 'application/json']],
    body: `${JSON.stringify(value, undefined, 2)}\n`,
  }
}

function say(status: number, sentence: string, headers: readonly Header[] = []): Reply {
  return {
    status,
    headers: [['Content-Type', 'text/plain; charset=utf-8'], ...headers],
    body: `${sentence}\n`,
  }
}
