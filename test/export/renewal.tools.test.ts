import { expect, test } from 'vitest'
import { recipeOf, runToEnd } from '../run/on-sandbox.ts'
import { refusingUntil, startSmallKeystone } from '../run/small-keystone.ts'
import { exported } from './exported.ts'
import { runScript, shells } from './shell.ts'

type Keystone = Awaited<ReturnType<typeof startSmallKeystone>>
type Case = readonly [
  what: string,
  steps: string,
  /** The number of the first token that the service takes. */
  good: number,
  exit: number,
  logins: number,
  more?: { readonly login?: (keystone: Keystone, count: number) => number; readonly environment?: object },
]

const request = (method: string, more = '') => `  - request: { url: "${method} \${endpoint}/a"${more} }\n`
const cases: readonly Case[] = [
  ['a GET and a HEAD, after which all is well', request('GET') + request('HEAD'), 2, 0, 2],
  ['a PUT with a body', request('PUT', ', body: text'), 2, 0, 2],
  ['a POST without one', request('POST'), 2, 0, 2],
  ['an answer that stays', request('GET'), 9, 4, 2],
  ['a 401 that is expected', request('GET', ', expect: 401'), 9, 0, 1],
  ['a question about the token', request('GET', ', headers: { X-Subject-Token: "${token}" }'), 9, 4, 1],
  ['a token of its own', request('GET', ', headers: { X-Auth-Token: "${token}" }, expect: 401'), 9, 0, 1],
  [
    'a deferred step',
    `  - request: { url: "GET ${'${token.identity_url}'}/", expect: 401 }\n    defer:\n    ${request('DELETE')}`,
    2,
    0,
    2,
  ],
  [
    'a token that cannot be had anew',
    request('GET'),
    9,
    4,
    2,
    { login: (_, count) => (count > 1 ? 503 : 201) },
  ],
  [
    'a token made of a token',
    request('GET'),
    9,
    4,
    1,
    {
      environment: {
        OS_AUTH_TYPE: 'token',
        OS_TOKEN: 'given-token-of-user',
        OS_USERNAME: undefined,
        OS_PASSWORD: undefined,
        OS_USER_DOMAIN_NAME: undefined,
      },
    },
  ],
]

test.each(shells.flatMap((shell) => cases.map((one) => [one[0], shell.join(' '), one, shell] as const)))(
  '%s: what a 401 leads to is the same under %s as in osrun',
  async (_what, _name, one, shell) => {
    const [, steps, good, exit, logins, { login, environment = {} } = {}] = one
    const recipe = await recipeOf(
      `osrun: 1\nname: n\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n${steps}`,
    )
    for (const way of ['osrun', 'a script']) {
      let count = 0
      const keystone: Keystone = await startSmallKeystone({
        other: refusingUntil(good),
        ...(login && {
          login: (_, response) => {
            const status = login(keystone, ++count)
            if (status !== 201) return void response.writeHead(status).end()
            response.writeHead(201, keystone.headersOf(keystone.nextToken())).end(keystone.tokenBody())
          },
        }),
      })
      const variables = { ...keystone.environment, ...environment }
      const cloud = await keystone.cloud(environment as Record<string, string>)
      const ended =
        way === 'osrun'
          ? (await runToEnd(recipe, { cloud })).result.exit
          : (await runScript(await exported(recipe, cloud), shell, variables)).status
      expect([way, ended, keystone.logins()]).toEqual([way, exit, logins])
      expect(keystone.revoked.toSorted()).toEqual(keystone.made)
    }
  },
)
