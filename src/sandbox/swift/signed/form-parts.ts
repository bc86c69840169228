/** A part of a form; its bytes are read, or passed over, before the next one comes. */
export type FormPart = {
  readonly headers: ReadonlyMap<string, string>
  readonly bytes: AsyncIterable<Buffer>
}

/** What is wrong with a form. */
export class FormProblem extends Error {
  override readonly name = 'FormProblem'
}

const largestHead = 65_536
const mostHeaders = 100

/**
 * The parts of a body of the type multipart/form-data, without more of them in memory than a packet.
 *
 * @throws FormProblem when it is none
 */
export async function* partsOf(body: AsyncIterable<Buffer>, boundary: string): AsyncGenerator<FormPart> {
  const bytes = new Bytes(body)
  const start = `--${boundary}`
  let line = await bytes.line()
  while (line === '') line = await bytes.line()
  if (line?.trim() !== start) throw new FormProblem('invalid starting boundary')
  const end = Buffer.from(`\r\n${start}`)
  for (;;) {
    const headers = new Map<string, string>()
    for (let header = await bytes.line(); header !== ''; header = await bytes.line()) {
      if (header === undefined) return
      if (headers.size >= mostHeaders) throw new FormProblem('a part has too many headers')
      const at = header.indexOf(':')
      if (at > 0) headers.set(header.slice(0, at).trim().toLowerCase(), header.slice(at + 1).trim())
    }
    const content = bytes.until(end)
    yield { headers, bytes: content }
    for await (const _ of content);
    // `--` behind the last one; behind the others the line ends.
    if ((await bytes.line()) !== '') return
  }
}

/** Bytes as they come. */
class Bytes {
  readonly #source: AsyncIterator<Buffer>
  #held: Buffer = Buffer.alloc(0)

  constructor(body: AsyncIterable<Buffer>) {
    this.#source = body[Symbol.asyncIterator]()
  }

  /** A line without its end; undefined at the end of all. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const at = this.#held.indexOf('\r\n')
      if (at >= 0) return this.#take(at, 2).toString('latin1')
      if (this.#held.length > largestHead) throw new FormProblem('a line of a header is too long')
      if (!(await this.#more())) return undefined
    }
  }

  /** All up to the mark, which is passed over; what may be the mark waits for more. */
  async *until(mark: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#held.indexOf(mark)
      if (at >= 0) {
        yield this.#take(at, mark.length)
        return
      }
      const safe = this.#held.length - mark.length
      if (safe > 0) yield this.#take(safe, 0)
      if (await this.#more()) continue
      if (this.#held.length > 0) yield this.#take(this.#held.length, 0)
      return
    }
  }

  #take(length: number, after: number): Buffer {
    const taken = this.#held.subarray(0, length)
    this.#held = this.#held.subarray(length + after)
    return taken
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#source.next()
    if (done) return false
    this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value])
    return true
  }
}
