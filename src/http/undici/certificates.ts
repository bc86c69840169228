import { type ConnectionOptions, createSecureContext, rootCertificates } from 'node:tls'
import type { TlsOptions } from '../../model/exchange.ts'
import { type Authorities, readAuthorities, readPem } from '../authorities.ts'

/** What a TLS connection is made with: for servers, and for a proxy, which is shown no certificate of the client. */
export type Certificates = {
  readonly server: ConnectionOptions
  readonly proxy: ConnectionOptions
}

/**
 * Reads what TLS connections need, once for all of them: to parse a list takes longer than a handshake. insecure wins over
 * everything. No session is kept: one that is taken up again shows no certificate.
 *
 * @throws OsrunError FILE_UNREADABLE
 */
export function readCertificates({
  tls: { cert, key, insecure },
  authorities,
}: {
  readonly tls: TlsOptions
  readonly authorities: Authorities
}): Certificates {
  const named = insecure ? undefined : readAuthorities(authorities)
  const ca = named && (authorities.withOwn ? [...rootCertificates, ...named] : named)
  // As for curl, an intermediate that is named is trusted as it is.
  const trusted = { ...(ca && { ca: [...ca] }), allowPartialTrustChain: true }
  const own = cert === undefined ? {} : { cert: readPem(cert, 'cert'), key: readPem(key ?? cert, 'key') }
  const proxy = { rejectUnauthorized: !insecure, secureContext: createSecureContext(trusted) }
  if (cert === undefined) return { server: proxy, proxy }
  return { server: { ...proxy, secureContext: createSecureContext({ ...trusted, ...own }) }, proxy }
}
