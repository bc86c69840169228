import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'

/** The secret of an application credential, or a password. */
export type Secret = {
  isSame(given: unknown): boolean
  /** A salted hash of it: `SALT:HASH`, in hex. It takes a while. */
  toHash(): string
}

/** A secret that is known. */
export function secretOf(text: string): Secret {
  let made: string | undefined
  const hash = (): string => {
    const salt = randomBytes(16)
    return `${salt.toString('hex')}:${hashOf(text, salt).toString('hex')}`
  }
  return {
    isSame: (given) => given === text,
    toHash() {
      made ??= hash()
      return made
    },
  }
}

/** A secret of which a hash was kept. It is known once it was given. */
export function secretOfHash(hash: string): Secret {
  const [salt = '', wanted = ''] = hash.split(':')
  let known: string | undefined
  return {
    isSame(given) {
      if (typeof given !== 'string') return false
      if (known !== undefined) return given === known
      const bytes = Buffer.from(wanted, 'hex')
      const found = hashOf(given, Buffer.from(salt, 'hex'))
      const isSame = bytes.length === found.length && timingSafeEqual(bytes, found)
      if (isSame) known = given
      return isSame
    },
    toHash: () => hash,
  }
}

function hashOf(text: string, salt: Buffer): Buffer {
  return scryptSync(text, salt, 32)
}
