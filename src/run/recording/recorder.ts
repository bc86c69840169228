import type { Cloud } from '../../model/cloud.ts'
import { mapSecrets } from '../../openstack/config/map-secrets.ts'
import { createMasker } from '../../secrets/masker.ts'
import type { Link } from '../send/link.ts'
import { type KeptExchange, record } from '../send/record.ts'
import type { RecordedCloud, RecordedRun, RecordingLine } from './recording.ts'
import { recordingVersion } from './recording.ts'
import { standIn } from './stand-in.ts'

/** Keeps the exchanges of runs in memory until all secrets are known, which is when they are written. */
export type Recorder = {
  /**
   * Hides a value wherever it stands, also in what was recorded before.
   * @internal
   */
  learn(secret: string): void
  /**
   * A run begins; its exchanges are those that go through its link.
   * @internal
   */
  begin(run: Omit<RecordedRun, 'exchanges'>): void
  /**
   * What records all that goes through it for the run with this id; for the suite itself where it is empty.
   * @internal
   */
  link(run: string, now: () => number): Link
  /** All that was recorded, as lines of JSON, with something that stands for each secret. */
  text(): string
}

type Rename = (text: string) => string

/** Bytes of bodies that a recording holds; of what comes after them there are size and hashes. */
const mostBytes = 64 * 1024 ** 2

/** Starts a recording of runs that ask one cloud. */
export function createRecorder(cloud: Cloud | undefined): Recorder {
  const masker = createMasker()
  const names = new Map<string, string>()
  const nameOf = (secret: string): string => {
    const name = names.get(secret) ?? standIn(names.size + 1)
    names.set(secret, name)
    return name
  }
  const runs: Omit<RecordedRun, 'exchanges'>[] = []
  const exchanges: (readonly [run: string, exchange: KeptExchange])[] = []
  let left = mostBytes
  return {
    learn(secret) {
      masker.learn(secret)
      // As its bytes look where bytes that are no text are read one by one.
      masker.learn(Buffer.from(secret).toString('latin1'))
    },
    begin: (run) => void runs.push(run),
    link: (run, now) =>
      record({
        now,
        left: () => left,
        keep(exchange) {
          left -= exchange.response?.body.bytes?.length ?? 0
          exchanges.push([run, exchange])
        },
      }),
    text() {
      const rename: Rename = (text) => masker.rename(text, nameOf)
      const linesOf = (run: string): readonly RecordingLine[] =>
        exchanges.filter(([of]) => of === run).map(([, exchange]) => exchangeLine(run, exchange, rename))
      const lines: readonly RecordingLine[] = [
        {
          type: 'recording',
          version: recordingVersion,
          ...(cloud && { cloud: hidden(cloud, rename, nameOf) }),
        },
        ...runs.flatMap((run) => [runLine(run, rename), ...linesOf(run.run)]),
        ...linesOf(''),
        { type: 'end', runs: runs.length, exchanges: exchanges.length },
      ]
      return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    },
  }
}

function runLine({ inputs, ...run }: Omit<RecordedRun, 'exchanges'>, rename: Rename): RecordingLine {
  return { type: 'run', ...renamed(run, rename), inputs: renamed(inputs, rename, false) }
}

function exchangeLine(run: string, { response, ...rest }: KeptExchange, rename: Rename): RecordingLine {
  const line = { type: 'exchange' as const, run, ...renamed(rest, rename) }
  if (response === undefined) return line
  const { body, ...facts } = response
  return { ...line, response: { ...renamed(facts, rename), ...body.written(rename) } }
}

// Also secrets that are too short to be looked for elsewhere. Where other values came from is of no use to a replay.
function hidden(cloud: Cloud, rename: Rename, nameOf: (secret: string) => string): RecordedCloud {
  const secrets: string[] = []
  mapSecrets(cloud.credentials, (secret) => {
    secrets.push(secret)
    return secret
  })
  const { valueSources, credentials, ...rest } = renamed(cloud, rename)
  return {
    ...rest,
    credentials: mapSecrets(credentials, () => nameOf(secrets.shift() ?? '')),
    origins: valueSources.filter(({ variable }) => variable !== undefined),
    files: [],
  }
}

/** Keys of the format whose values are words of osrun's own, which may be those of a poor password. */
const structural = new Set(['kind', 'option', 'interfaces', 'method', 'code'])

// Each text once: what stands for a secret may itself hold the word that another secret is. `isOwn`: keys and numbers are
// those of the format, and not of somebody's inputs, which may be secrets.
function renamed<T>(value: T, rename: Rename, isOwn = true): T {
  const deep = (one: unknown): unknown => {
    if (typeof one === 'string') return rename(one)
    if (typeof one === 'number' && !isOwn)
      return rename(String(one)) === String(one) ? one : rename(String(one))
    if (typeof one !== 'object' || one === null) return one
    if (Array.isArray(one)) return one.map(deep)
    return Object.fromEntries(
      Object.entries(one).map(([key, child]) =>
        isOwn ? [key, structural.has(key) ? child : deep(child)] : [rename(key), deep(child)],
      ),
    )
  }
  return deep(value) as T
}
