import { X509Certificate } from 'node:crypto'
import type { ServerCertificate } from '../model/exchange.ts'

/** Reads a certificate, in DER or PEM; undefined for what is none. */
export function readServerCertificate(certificate: Buffer | string): ServerCertificate | undefined {
  try {
    const { subject, issuer, validFrom, validTo } = new X509Certificate(certificate)
    return {
      subject: inOneLine(subject),
      issuer: inOneLine(issuer),
      validFrom: toIso(validFrom),
      validTo: toIso(validTo),
    }
  } catch {
    // Whatever a server shows; the handshake has judged it, and who asks for a field finds none.
    return undefined
  }
}

// A name may be empty, and then Node has none.
function inOneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ')
}

// X.509 knows whole seconds: `Nov 27 03:22:57 2026 GMT`.
function toIso(time: string): string {
  return new Date(time).toISOString().replace('.000Z', 'Z')
}
