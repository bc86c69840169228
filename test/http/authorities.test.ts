import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { authorityVariables, findAuthorities } from '../../src/http/authorities.ts'
import type { OsrunError } from '../../src/model/problem.ts'
import { type Authority, createAuthority, createIntermediate } from './certificates.ts'
import { listen, sender } from './raw-server.ts'

async function serverOf(authority: Authority): Promise<string> {
  const server = createServer(await authority.issue('IP:127.0.0.1'), (_, response) => response.end('ok'))
  server.on('tlsClientError', () => {})
  return `https://127.0.0.1:${await listen(server)}/`
}

const failure = (asked: Promise<unknown>): Promise<OsrunError> =>
  asked.then(
    () => Promise.reject(new Error('it was accepted')),
    (error: OsrunError) => error,
  )

test('no test trusts what the variables of its machine name', () => {
  const set = [...authorityVariables, 'NODE_EXTRA_CA_CERTS'].filter((name) => process.env[name] !== undefined)
  expect(set).toEqual([])
})

describe('an authority that the system does not know', () => {
  // An authority's file in such a folder is named by a hash.
  const folderOf = ({ folder, cert }: Authority): string => {
    const path = join(folder, 'by-hash')
    mkdirSync(path)
    writeFileSync(join(path, '0a1b2c3d.0'), cert)
    return path
  }

  test.each<[string, (authority: Authority) => string]>([
    ['SSL_CERT_FILE', ({ certFile }) => certFile],
    ['SSL_CERT_DIR', folderOf],
    ['SSL_CERT_DIR', (authority) => `/nonexistent:${folderOf(authority)}`],
    ['CURL_CA_BUNDLE', ({ certFile }) => certFile],
    ['REQUESTS_CA_BUNDLE', ({ certFile }) => certFile],
    ['REQUESTS_CA_BUNDLE', folderOf],
    ['NODE_EXTRA_CA_CERTS', ({ certFile }) => certFile],
  ])('is trusted by %s, and another one is refused by its name', async (name, value) => {
    const authority = await createAuthority()
    const environment = { [name]: value(authority) }
    const send = sender({ environment })
    expect((await send('GET', await serverOf(authority))).status).toBe(200)
    const error = await failure(send('GET', await serverOf(await createAuthority())))
    expect(error.code).toBe('TLS_FAILED')
    expect(error.message).toContain(`(${name})`)
  })

  test.each(['SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE'])(
    'is not trusted where a cacert is named beside %s',
    async (name) => {
      const [authority, other] = [await createAuthority(), await createAuthority()]
      const options = {
        tls: { insecure: false, cacert: other.certFile },
        environment: { [name]: authority.certFile },
      }
      const error = await failure(sender(options)('GET', await serverOf(authority)))
      expect(error.message).toContain(`verified with the authorities in ${other.certFile})`)
    },
  )

  test.each(['SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE'])(
    'is looked for nowhere else where the file of %s is not there, or holds none',
    async (name) => {
      const authority = await createAuthority()
      const url = await serverOf(authority)
      for (const path of [join(authority.folder, 'missing.pem'), authority.keyFile]) {
        const error = await failure(sender({ environment: { [name]: path } })('GET', url))
        expect(error.code).toBe('FILE_UNREADABLE')
        expect(error.message).toContain(`The ${name} file "${path}"`)
      }
    },
  )

  test('is not asked for where nothing is verified', async () => {
    const url = await serverOf(await createAuthority())
    const options = { tls: { insecure: true }, environment: { SSL_CERT_FILE: '/nonexistent' } }
    expect((await sender(options)('GET', url)).status).toBe(200)
  })
})

test('of several variables those of curl count first, and empty ones are none', () => {
  const words = (environment: Record<string, string>) =>
    findAuthorities({ insecure: false }, environment).words
  expect(
    words({ CURL_CA_BUNDLE: '/a', SSL_CERT_FILE: '/b', SSL_CERT_DIR: '/c', REQUESTS_CA_BUNDLE: '/d' }),
  ).toBe('the authorities in /a (CURL_CA_BUNDLE) and /etc/ssl/certs')
  expect(
    words({ CURL_CA_BUNDLE: '', SSL_CERT_FILE: '/b', SSL_CERT_DIR: '/c', REQUESTS_CA_BUNDLE: '/d' }),
  ).toBe('the authorities in /b (SSL_CERT_FILE) and /c (SSL_CERT_DIR)')
  expect(words({ REQUESTS_CA_BUNDLE: '/d' })).toBe('the authorities in /d (REQUESTS_CA_BUNDLE)')
  expect(words({ SSL_CERT_FILE: '' })).toMatch(/^(the system's|Node's own) authorities/)
})

test('an intermediate that is named is trusted without its root', async () => {
  const intermediate = await createIntermediate()
  const url = await serverOf(intermediate)
  expect((await failure(sender()('GET', url))).code).toBe('TLS_FAILED')
  const send = sender({ tls: { insecure: false, cacert: intermediate.certFile } })
  expect((await send('GET', url)).status).toBe(200)
})

test('each connection shows its certificate, also after others to the same server', async () => {
  const authority = await createAuthority()
  const server = createServer(await authority.issue('IP:127.0.0.1'), (_, response) => {
    response.setHeader('Connection', 'close')
    response.end('ok')
  })
  const url = `https://127.0.0.1:${await listen(server)}/`
  const send = sender({ tls: { insecure: false, cacert: authority.certFile } })
  for (let time = 0; time < 4; time++)
    expect((await send('GET', url)).certificate).toMatchObject({ subject: 'CN=Test' })
})
