import { createHmac } from 'node:crypto'

const step = 30_000

/** The one-time code of a 30-second step, counted from 1970 (RFC 6238: HMAC-SHA1, six digits). */
export function totpCode(key: Buffer, counter: number): string {
  const message = Buffer.alloc(8)
  message.writeBigUInt64BE(BigInt(counter))
  const digest = createHmac('sha1', key).update(message).digest()
  const offset = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0')
}

/** Whether it is the code of the step of `time` (milliseconds since 1970) or, as Keystone allows, of the one before. */
export function isTotpCode(passcode: unknown, key: Buffer, time: number): boolean {
  const counter = Math.floor(time / step)
  return passcode === totpCode(key, counter) || (counter > 0 && passcode === totpCode(key, counter - 1))
}
