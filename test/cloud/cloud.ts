import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resolveCloud } from '../../src/library/index.ts'
import type { Cloud } from '../../src/model/cloud.ts'
import { nowhere } from '../nowhere.ts'

const folder = process.env.OSRUN_CLOUD_DIR
if (folder === undefined) throw new Error('OSRUN_CLOUD_DIR is not set: run `npm run test:cloud`.')

/** The folder of the running cloud. */
export const state: string = folder

/** What the cloud was made of. */
export const facts = JSON.parse(readFileSync(join(state, 'cloud.json'), 'utf8')) as {
  readonly authUrl: string
  readonly rootUrl: string
  readonly shortLived: { readonly authUrl: string; readonly seconds: number }
  readonly users: Readonly<Record<string, { readonly password: string; readonly id: string }>>
  readonly admin: { readonly name: string; readonly password: string }
  readonly totpSecret: string
  readonly applicationCredential: { readonly id: string; readonly secret: string; readonly name: string }
  readonly projects: Readonly<Record<string, string>>
  readonly swiftUrl: string
}

/** The environment of the learner, whose password has everything that breaks a shell. */
export const environment: Readonly<Record<string, string>> = {
  OS_AUTH_URL: facts.authUrl,
  OS_USERNAME: 'learner',
  OS_PASSWORD: facts.users.learner?.password ?? '',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PROJECT_NAME: 'workshop',
  OS_PROJECT_DOMAIN_NAME: 'Default',
  OS_REGION_NAME: 'SBG1',
  OS_IDENTITY_API_VERSION: '3',
}

/** The cloud that flags and an environment describe; files are read for real. */
export function cloudOf(
  variables: Readonly<Record<string, string | undefined>>,
  flags: Readonly<Record<string, string>> = {},
): Promise<Cloud> {
  return resolveCloud({
    flags,
    environment: variables,
    home: nowhere,
    cwd: nowhere,
    platform: 'linux',
    readFile: (path) => readFile(path, 'utf8').catch(() => undefined),
  })
}

/** Keystone's answer to whether a token is good, asked as the administrator. */
export async function isLive(token: string): Promise<boolean> {
  admin ??= fetchAdminToken()
  const response = await fetch(`${facts.authUrl}/auth/tokens`, {
    headers: { 'X-Auth-Token': await admin, 'X-Subject-Token': token },
  })
  return response.status === 200
}

let admin: Promise<string> | undefined

async function fetchAdminToken(): Promise<string> {
  const user = { name: facts.admin.name, domain: { id: 'default' }, password: facts.admin.password }
  const scope = { project: { name: 'admin', domain: { id: 'default' } } }
  const response = await fetch(`${facts.authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } }),
  })
  return response.headers.get('X-Subject-Token') ?? ''
}
