// @peculiar/x509 wants it before itself.
import 'reflect-metadata'

import { webcrypto } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  BasicConstraintsExtension,
  type JsonGeneralName,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { onTestFinished } from 'vitest'

/** A certificate with its key, as files and as text. */
type Certificate = {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
}

/** An authority of its own, in a folder that is gone when the test has ended. */
export type Authority = Certificate & {
  readonly folder: string
  /** A certificate for names such as `IP:127.0.0.1`, good for two days unless told otherwise, or until yesterday. */
  issue(
    names: string,
    options?: { readonly expired?: boolean; readonly subject?: string; readonly days?: number },
  ): Promise<Certificate>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 86_400_000

/** Makes an authority, and whatever certificates a test wants of it. */
export async function createAuthority(): Promise<Authority> {
  return authorityOf('CN=Test authority')
}

/** An authority that another one vouches for, which servers do not send along. */
export async function createIntermediate(): Promise<Authority> {
  const root = {
    name: 'CN=Test root',
    keys: await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']),
  }
  return authorityOf('CN=Test authority', root)
}

type Issuer = { readonly name: string; readonly keys: webcrypto.CryptoKeyPair }

async function authorityOf(name: string, root?: Issuer): Promise<Authority> {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-tls-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const by = root ?? { name, keys }
  const authority = await X509CertificateGenerator.create({
    subject: name,
    issuer: by.name,
    publicKey: keys.publicKey,
    signingKey: by.keys.privateKey,
    ...validity(2),
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  })
  let made = 0
  return {
    ...(await saved(folder, 'ca', authority.toString('pem'), keys.privateKey)),
    folder,
    async issue(names, { expired = false, subject = 'CN=Test', days = 2 } = {}) {
      const own = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
      const certificate = await X509CertificateGenerator.create({
        subject,
        issuer: name,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        ...validity(expired ? -1 : days),
        signingAlgorithm: algorithm,
        extensions: [new SubjectAlternativeNameExtension(names.split(',').map(generalName))],
      })
      return saved(folder, `leaf${made++}`, certificate.toString('pem'), own.privateKey)
    },
  }
}

function validity(days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now()
  return { notBefore: new Date(now - 2 * day), notAfter: new Date(now + days * day) }
}

function generalName(text: string): JsonGeneralName {
  const [kind, value = ''] = text.split(':')
  return { type: kind === 'IP' ? 'ip' : 'dns', value }
}

async function saved(
  folder: string,
  name: string,
  cert: string,
  privateKey: webcrypto.CryptoKey,
): Promise<Certificate> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey)).toString('base64')
  const key = `-----BEGIN PRIVATE KEY-----\n${bytes.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`
  const [certFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)]
  writeFileSync(certFile, `${cert}\n`)
  writeFileSync(keyFile, key, { mode: 0o600 })
  return { certFile, keyFile, cert: `${cert}\n`, key }
}
