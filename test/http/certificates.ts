import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A certificate with its key, as files and as text. */
export type Certificate = {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
}

/** Makes an authority of its own, in a temporary folder, and whatever certificates a test wants of it. */
export function createAuthority(): Certificate & {
  readonly folder: string
  /** A certificate for names such as `IP:127.0.0.1`. */
  issue(names: string, options?: { readonly expired?: boolean; readonly subject?: string }): Certificate
} {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-tls-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  let made = 0
  const openssl = (...words: readonly string[]): void => {
    execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' })
  }
  const read = (name: string): Certificate => {
    const [certFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)]
    return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
  }
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=Test authority',
    '-days',
    '2',
  )
  return {
    ...read('ca'),
    folder,
    issue(names, { expired = false, subject = '/CN=Test' } = {}) {
      const name = `leaf${made++}`
      writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}\n`)
      openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject)
      openssl(
        ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
        ...['-out', `${name}.pem`, '-extfile', `${name}.ext`, '-days', expired ? '-1' : '2'],
      )
      return read(name)
    },
  }
}
