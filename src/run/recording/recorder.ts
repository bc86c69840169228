import type { Cloud } from '../../model/cloud.ts'
import { mapSecrets } from '../../openstack/config/map-secrets.ts'
import { createMasker } from '../../secrets/masker.ts'
import { isSecretVariable } from '../../util/secret-names.ts'
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
   * A run begins; its exchanges are those that go through its link. `secretInputs` are the names of inputs that nobody may see.
   * @internal
   */
  begin(run: Omit<RecordedRun, 'exchanges'>, secretInputs: readonly string[]): void
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
  const runs: (readonly [run: Omit<RecordedRun, 'exchanges'>, secretInputs: readonly string[]])[] = []
  const exchanges: (readonly [run: string, exchange: KeptExchange])[] = []
  let left = mostBytes
  return {
    learn(secret) {
      masker.learn(secret)
      // As its bytes look where bytes that are no text are read one by one.
      masker.learn(Buffer.from(secret).toString('latin1'))
    },
    begin: (run, secretInputs) => void runs.push([run, secretInputs]),
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
      const told = runs.map(([run]) => linesOf(run.run))
      const lines: readonly RecordingLine[] = [
        {
          type: 'recording',
          version: recordingVersion,
          ...(cloud && { cloud: hidden(cloud, rename, nameOf) }),
        },
        // What the fields of the exchanges show to be secret is known by now, however short it is.
        ...runs.flatMap(([run, secretInputs], index) => [
          runLine(run, secretInputs, { rename, nameOf, names }),
          ...(told[index] ?? []),
        ]),
        ...linesOf(''),
        { type: 'end', runs: runs.length, exchanges: exchanges.length },
      ]
      return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    },
  }
}

/** How a recording calls secrets: those that stand in a text, one by itself, and all that have a name. */
type Naming = {
  readonly rename: Rename
  nameOf(secret: string): string
  readonly names: ReadonlyMap<string, string>
}

// A value that is a secret as a whole is not looked for as a text, which finds none that is very short.
function runLine(
  { inputs, environment, ...run }: Omit<RecordedRun, 'exchanges'>,
  secretInputs: readonly string[],
  { rename, nameOf, names }: Naming,
): RecordingLine {
  const known: Rename = (text) => names.get(text) ?? rename(text)
  const hide: Rename = (text) => (text === '' ? text : nameOf(text))
  const ways = (isSecret: boolean): Rename => (isSecret ? hide : known)
  return {
    type: 'run',
    ...renamed(run, rename),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [
        rename(name),
        renamed(value, ways(secretInputs.includes(name)), rename),
      ]),
    ),
    environment: Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, ways(isSecretVariable(name))(value)]),
    ),
  }
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

// Each text once: what stands for a secret may itself hold the word that another secret is. With `renameKey` keys and numbers are
// not those of the format, but of somebody's inputs, which may be secrets.
function renamed<T>(value: T, rename: Rename, renameKey?: Rename): T {
  const deep = (one: unknown): unknown => {
    if (typeof one === 'string') return rename(one)
    if (typeof one === 'number' && renameKey !== undefined)
      return rename(String(one)) === String(one) ? one : rename(String(one))
    if (typeof one !== 'object' || one === null) return one
    if (Array.isArray(one)) return one.map(deep)
    return Object.fromEntries(
      Object.entries(one).map(([key, child]) =>
        renameKey === undefined
          ? [key, structural.has(key) ? child : deep(child)]
          : [renameKey(key), deep(child)],
      ),
    )
  }
  return deep(value) as T
}
