import { EventEmitter } from 'node:events'
import { tmpdir } from 'node:os'
import { Readable, Writable } from 'node:stream'
import type { Environment, Io } from '../../src/cli/io.ts'
import { nowhere } from '../nowhere.ts'

/** A machine for one run of the command line: streams in memory, and an environment, a folder and signals of its own. */
export type MemoryIo = {
  readonly io: Io
  readonly stdout: Captured
  readonly stderr: Captured
  /** Sends a signal to the run. */
  signal(name: NodeJS.Signals): void
}

/** A stream whose text is kept; `data` is emitted with each part of it. */
type Captured = Writable & { readonly text: () => string }

/** Makes a machine that has nothing but what is given: no standard input, no terminal, no home. */
export function memoryIo(environment: Environment = {}, given: Partial<Io> = {}): MemoryIo {
  const signals = new EventEmitter()
  const [stdout, stderr] = [captured(), captured()]
  const io: Io = {
    stdin: Readable.from([]),
    stdout,
    stderr,
    childStreams: 'pipe',
    // A process has no variable without a value.
    environment: Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined)),
    cwd: process.cwd(),
    home: nowhere,
    temporary: tmpdir(),
    platform: process.platform,
    nodeVersion: process.versions.node,
    pid: process.pid,
    signals,
    umask: (mask) => process.umask(mask),
    ...given,
  }
  return { io, stdout, stderr, signal: (name) => void signals.emit(name, name) }
}

function captured(): Captured {
  const parts: Buffer[] = []
  const stream = new Writable({
    write(part: Buffer, _encoding, done) {
      parts.push(part)
      stream.emit('data', part.toString())
      done()
    },
  })
  return Object.assign(stream, { text: () => Buffer.concat(parts).toString() })
}
