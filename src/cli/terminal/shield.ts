import { visibleText } from '../../util/text/visible.ts'
import type { Io, OutputStream } from '../io.ts'
import { hasColor } from './color.ts'

/**
 * The same machine, with streams on which nothing that is written can move a cursor, or be a command to the CI that reads the
 * log: control characters and those that are not seen become visible, and in a log also the beginnings of the commands of GitHub,
 * Azure and TeamCity, `::` at the start of a line and `##[` or `##name[` anywhere.
 */
export function shield(io: Io): Io {
  const stdout = shielded(io.stdout, io)
  const stderr = shielded(io.stderr, io)
  return Object.create(io, { stdout: { value: stdout }, stderr: { value: stderr } })
}

/** The stream behind a shielded one, for what draws on a terminal itself. */
export function unshielded(stream: OutputStream): OutputStream {
  return behind.get(stream) ?? stream
}

const behind = new WeakMap<OutputStream, OutputStream>()

function shielded(stream: OutputStream, { environment }: Pick<Io, 'environment'>): OutputStream {
  const color = hasColor(stream, environment)
  const disarm = stream.isTTY === true ? (text: string): string => text : createDisarmer()
  const write = (chunk: unknown, ...rest: readonly unknown[]): boolean =>
    Reflect.apply(stream.write, stream, [
      typeof chunk === 'string' ? disarm(visibleText(chunk, { color })) : chunk,
      ...rest,
    ])
  const own = new Proxy(stream, {
    get(target, name) {
      if (name === 'write') return write
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  behind.set(own, stream)
  return own
}

/**
 * Makes what takes the force from commands of a CI, by one character that is written as JSON may write it. A line can come in
 * several texts.
 */
function createDisarmer(): (text: string) => string {
  // As much of the line so far as can be the beginning of a command.
  let line = ''
  return (text) => {
    const whole = line + text
    const last = whole.slice(whole.lastIndexOf('\n') + 1)
    const disarmed = whole.replace(secondColon, '\\u003a').replace(bracket, '\\u005b').slice(line.length)
    line = /^\s*:?$/.test(last) ? last.trimStart() : `x${/#{1,2}\w{0,40}$/.exec(last)?.[0] ?? ''}`
    return disarmed
  }
}

// The runner of GitHub leaves out blanks of any kind before a command.
const secondColon = /(?<=^[^\S\n]*:):/gm
const bracket = /(?<=##\w{0,40})\[/g
