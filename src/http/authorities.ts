import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TlsOptions } from '../model/exchange.ts'
import { phrase } from '../model/phrase.ts'
import { OsrunError } from '../model/problem.ts'
import { fileTrouble } from '../util/files/file-trouble.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A file or a folder of authorities, and the setting that names it; undefined for the system's. */
type Place = { readonly path: string; readonly setting?: string }

/** Whose certificates are trusted. */
export type Authorities = {
  /** Files, or folders with a file for each authority, by its hash. */
  readonly places: readonly Place[]
  /** Whether those that Node brings along count, too: the system has none. */
  readonly withOwn: boolean
  /** The list by name, for a message about a certificate that it does not know. */
  readonly words: string
}

/** Variables that name lists of authorities, by which curl and openstackclient go. */
export const authorityVariables = ['CURL_CA_BUNDLE', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'REQUESTS_CA_BUNDLE']

/** Where systems keep the authorities that they trust, as one file: Debian and Alpine, Fedora, SUSE, macOS and OpenBSD. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/** The folder beside it, that counts as well where a variable names another file. */
const systemFolder = '/etc/ssl/certs'

/**
 * Finds whom to trust: a cacert alone; else as curl what CURL_CA_BUNDLE, or SSL_CERT_FILE and SSL_CERT_DIR, have in the place of
 * the system's file and folder; else openstackclient's REQUESTS_CA_BUNDLE; else the system; and where it has none, Node's own.
 * https://curl.se/docs/sslcerts.html https://docs.openssl.org/3.0/man3/SSL_CTX_load_verify_locations/
 */
export function findAuthorities({ cacert }: TlsOptions, environment: Environment): Authorities {
  if (cacert !== undefined)
    return {
      places: [{ path: cacert, setting: 'cacert' }],
      withOwn: false,
      words: `the authorities in ${cacert}`,
    }
  const named = (name: string): readonly Place[] =>
    environment[name] ? [{ path: environment[name], setting: name }] : []
  const [bundle] = bundles.filter((path) => existsSync(path))
  const system = bundle === undefined ? [] : [{ path: bundle }]
  const extra = named('NODE_EXTRA_CA_CERTS')
  const [file] = [...named('CURL_CA_BUNDLE'), ...named('SSL_CERT_FILE')]
  const folders = file?.setting === 'CURL_CA_BUNDLE' ? [] : foldersOf(named('SSL_CERT_DIR'))
  const replaced = file === undefined && folders.length === 0 ? named('REQUESTS_CA_BUNDLE') : []
  const places: readonly Place[] =
    replaced.length > 0
      ? replaced
      : file === undefined
        ? [...system, ...folders]
        : [file, ...(folders.length > 0 ? folders : [{ path: systemFolder }])]
  const isOwn = places.some(({ setting }) => setting !== undefined)
  return {
    places: [...places, ...extra],
    withOwn: places.length === 0,
    words: wordsOf([...places, ...extra], isOwn),
  }
}

function wordsOf(places: readonly Place[], isOwn: boolean): string {
  const words = places.map(({ path, setting }) => (setting === undefined ? path : `${path} (${setting})`))
  if (isOwn) return `the authorities in ${words.join(' and ')}`
  if (places.some(({ setting }) => setting === undefined))
    return `the system's authorities in ${words.join(' and ')}`
  return ["Node's own authorities, as the system has none", ...words].join(', and ')
}

function foldersOf(named: readonly Place[]): readonly Place[] {
  return named.flatMap(({ path, setting }) =>
    path
      .split(delimiter)
      .filter((one) => one !== '')
      .map((one) => ({ path: one, ...(setting !== undefined && { setting }) })),
  )
}

/**
 * The certificates of all places, each in PEM; undefined for those that Node brings along.
 *
 * @throws OsrunError FILE_UNREADABLE where a file that a setting names cannot be read or holds no certificate
 */
export function readAuthorities({ places }: Authorities): readonly string[] | undefined {
  if (places.length === 0) return undefined
  return [...new Set(places.flatMap(certificatesIn))]
}

function certificatesIn({ path, setting }: Place): readonly string[] {
  const isNeeded = setting !== undefined && !/^(SSL_CERT_DIR|NODE_EXTRA_CA_CERTS)$/.test(setting)
  if (setting !== 'cacert' && isFolder(path))
    return readdirSync(path)
      .filter((name) => /^[0-9a-f]{8}\.\d+$/.test(name))
      .flatMap((name) => certificatesOf(readIfThere(join(path, name))))
  return certificatesOf(isNeeded ? readPem(path, setting) : readIfThere(path))
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

// A link of such a folder may lead nowhere, a folder of several need not be there, and Node itself warns of its variable.
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function certificatesOf(text: string): readonly string[] {
  return (
    text.match(/-----BEGIN ([A-Z0-9]+ )?CERTIFICATE-----[^-]*-----END ([A-Z0-9]+ )?CERTIFICATE-----/g) ?? []
  )
}

/**
 * Reads a file of certificates or keys.
 *
 * @throws OsrunError FILE_UNREADABLE, with the name of the setting
 */
export function readPem(path: string, setting: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new OsrunError(
      'FILE_UNREADABLE',
      phrase`The ${setting} file "${path}" cannot be read: ${fileTrouble(cause)}.`,
      { cause },
    )
  }
  // Node takes an authority that is none without a word, and then trusts nobody.
  if (!text.includes(setting === 'key' ? 'PRIVATE KEY-----' : 'CERTIFICATE-----'))
    throw new OsrunError(
      'FILE_UNREADABLE',
      phrase`The ${setting} file "${path}" holds no ${setting === 'key' ? 'private key' : 'certificate'} in PEM.`,
    )
  return text
}
