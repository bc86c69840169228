import type { KeyObject } from 'node:crypto'
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { bitString, der, integer, objectId, sequence, utcTime } from './der.ts'

/** What a server shows, and what its clients have to trust; all of it PEM. */
export type Certificates = {
  readonly key: string
  readonly cert: string
  /** The authority that signed it, made for this one certificate; its key is gone. */
  readonly authority: string
}

type Keys = { readonly publicKey: KeyObject; readonly privateKey: KeyObject }

const day = 86_400_000

/**
 * Makes an authority and a certificate for 127.0.0.1 and localhost, good for 30 days. Node signs, but makes no
 * certificates: https://www.rfc-editor.org/rfc/rfc5280#section-4.1 says what is in one.
 *
 * @param now milliseconds since 1970
 */
export function makeCertificates(now: number): Certificates {
  const [root, server] = [makeKeys(), makeKeys()]
  const authority = certificate({
    now,
    subject: 'osrun sandbox authority',
    of: root,
    by: root,
    extensions: ofAuthority(root),
  })
  const cert = certificate({
    now,
    subject: '127.0.0.1',
    of: server,
    by: root,
    extensions: ofServer(server, root),
  })
  return {
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: toPem(cert),
    authority: toPem(authority),
  }
}

function makeKeys(): Keys {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
}

function certificate(about: {
  readonly now: number
  readonly subject: string
  readonly of: Keys
  readonly by: Keys
  readonly extensions: readonly Buffer[]
}): Buffer {
  const { now, subject, of, by, extensions } = about
  const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'))
  const signed = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    // Positive, and without a zero in front.
    integer(Buffer.concat([Buffer.from([0x4f]), randomBytes(15)])),
    ecdsaWithSha256,
    named('osrun sandbox authority'),
    sequence(utcTime(now - day), utcTime(now + 30 * day)),
    named(subject),
    of.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  return sequence(signed, ecdsaWithSha256, bitString(sign('sha256', signed, by.privateKey)))
}

function named(commonName: string): Buffer {
  return sequence(der(0x31, sequence(objectId('2.5.4.3'), der(0x0c, Buffer.from(commonName)))))
}

function ofAuthority(root: Keys): readonly Buffer[] {
  return [
    extension('2.5.29.19', sequence(yes, integer(Buffer.from([0]))), yes),
    // keyCertSign and cRLSign.
    extension('2.5.29.15', bitString(Buffer.from([0x06]), 1), yes),
    extension('2.5.29.14', der(0x04, keyId(root))),
  ]
}

function ofServer(server: Keys, root: Keys): readonly Buffer[] {
  return [
    extension('2.5.29.19', sequence(), yes),
    // digitalSignature.
    extension('2.5.29.15', bitString(Buffer.from([0x80]), 7), yes),
    // serverAuth.
    extension('2.5.29.37', sequence(objectId('1.3.6.1.5.5.7.3.1'))),
    extension(
      '2.5.29.17',
      sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1]))),
    ),
    extension('2.5.29.14', der(0x04, keyId(server))),
    extension('2.5.29.35', sequence(der(0x80, keyId(root)))),
  ]
}

const yes = der(0x01, Buffer.from([0xff]))

function extension(id: string, value: Buffer, critical: Buffer = Buffer.alloc(0)): Buffer {
  return sequence(objectId(id), critical, der(0x04, value))
}

function keyId({ publicKey }: Keys): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest()
}

function toPem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
