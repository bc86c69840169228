import type { Readable, Writable } from 'node:stream'

/** A stream that is read, with what is known of the terminal behind it. */
export type InputStream = Readable & { readonly isTTY?: boolean; readonly fd?: number }

/** A stream that is written to, with what is known of the terminal behind it. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number }

/** Variables by their names. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Where signals come from. */
export type SignalSource = {
  on(name: NodeJS.Signals, listener: (name: NodeJS.Signals) => void): unknown
  off(name: NodeJS.Signals, listener: (name: NodeJS.Signals) => void): unknown
}

/**
 * All that a command line has of the machine around it: two of them, each with its own, can run in one process and not know
 * of each other. `runProcess` makes the one of Node's `process`.
 */
export type Io = {
  readonly stdin: InputStream
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** How a program that is started gets the streams: those of a process are inherited, to others their bytes are carried. */
  readonly childStreams: 'inherit' | 'pipe'
  readonly environment: Environment
  /** Where relative paths begin. */
  readonly cwd: string
  /** The folder of the user. */
  readonly home: string
  /** Where files go that are gone at the end. */
  readonly temporary: string
  /** As Node's `process.platform`. */
  readonly platform: string
  /** The version of Node. */
  readonly nodeVersion: string
  /** The process that is written down as the owner of what runs create. */
  readonly pid: number
  readonly signals: SignalSource
  /** Sets the mode that new files do not get, and gives the one before. */
  umask(mask: number): number
}

/** What a command is made with. */
export type CommandContext = {
  readonly io: Io
  /** Receives the exit status of the command that ran; 0 unless it is called. */
  setStatus(status: number): void
}
