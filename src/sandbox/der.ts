/**
 * Distinguished encoding of ASN.1, as far as a certificate needs it: a tag, the length, the content.
 * https://www.itu.int/rec/T-REC-X.690 (section 10)
 */
export function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content)
  const { length } = body
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, Math.floor(length / 256), length % 256]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}

/** A SEQUENCE. */
export function sequence(...content: readonly Buffer[]): Buffer {
  return der(0x30, ...content)
}

/** An OBJECT IDENTIFIER. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

/** A BIT STRING of whole bytes, but for the unused bits at its end. */
export function bitString(bytes: Buffer, unused = 0): Buffer {
  return der(0x03, Buffer.from([unused]), bytes)
}

/** An INTEGER that is not negative; the bytes are those of its absolute value. */
export function integer(bytes: Buffer): Buffer {
  return der(0x02, (bytes[0] ?? 0) >= 128 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

/** A UTCTime: seconds, and two digits of the year. */
export function utcTime(time: number): Buffer {
  const digits = new Date(time).toISOString().replace(/\.\d+|[^\d]/g, '')
  return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`))
}

function base128(arc: number): readonly number[] {
  const digits = [arc % 128]
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
    digits.unshift(128 + (left % 128))
  return digits
}
