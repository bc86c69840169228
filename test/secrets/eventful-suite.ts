import { OsrunError, runSuite } from '../../src/library/index.ts'
import type { RunEvent, SafeEvent, SuiteResult } from '../../src/model/event.ts'
import type { HeaderList, HttpRequest, HttpResponse, Transport } from '../../src/model/exchange.ts'
import type { Json, Recipe } from '../../src/model/recipe.ts'
import { reportKinds } from '../../src/report/index.ts'
import { terminalReporter } from '../../src/report/terminal/terminal.ts'
import { problemEvent } from '../../src/run/events/problem-event.ts'
import { cloudOf, recipeOf } from '../run/on-sandbox.ts'
import { skippingClock } from '../run/skipping-clock.ts'

/** Where a run learns secrets. Places that hold one take the first. */
export type Secrets = {
  readonly password?: string
  readonly token?: string
  readonly environment?: string
  readonly input?: readonly string[]
  readonly cookies?: readonly string[]
  readonly fields?: readonly string[]
}

/** What came of a suite: what was shown, and what it comes to. */
export type Shown = {
  readonly events: readonly SafeEvent[]
  readonly result: SuiteResult
  /** The text of each report by its kind; that on the terminal is `terminal`. */
  readonly reports: ReadonlyMap<string, string>
}

/** A recipe that does, and one that meets, all that events can tell of: they pass, fail, wait, ask, skip and clean up. */
const texts = [
  `osrun: 1
name: It passes
description: Everything that can be told of a run.
tags: [smoke]
inputs:
  key: { type: array, writeOnly: true }
steps:
  - authenticate:
  - pick-endpoint: object-store
  - pause: { question: Shall it go on? }
  - request:
      url: GET \${endpoint}/answer
      headers: { X-Shown: "\${env.A_SECRET}" }
      query: { q: "\${env.A_SECRET}" }
    note: The token travels in a header.
    capture: { seen: $.shown }
  - request: { url: "POST \${endpoint}/answer", json: { keys: "\${key}" } }
  - request: GET \${endpoint}/state
    until: { json: { $.state: ready } }
    every: 1s
  - assert: { json: { $.state: never } }
    allow-failure: true
  - when: { service: nothing-of-the-kind }
    request: GET \${endpoint}/answer
  - for-each: []
    request: GET \${endpoint}/answer
  - request: PUT \${endpoint}/made
    defer: [{ request: "DELETE \${endpoint}/made" }]
outputs: { given: "\${seen}" }
`,
  `osrun: 1
name: It fails
steps:
  - authenticate: { fresh: true }
  - pick-endpoint: object-store
  - request: PUT \${endpoint}/stuck
    defer: [{ request: "DELETE \${endpoint}/stuck" }]
  - request: GET \${endpoint}/answer
  - assert: { status: 201, json: { $.shown: other } }
  - request: GET \${endpoint}/state
`,
  `osrun: 1
name: It cannot ask
steps:
  - authenticate: { fresh: true }
  - pick-endpoint: object-store
  - request: GET \${endpoint}/broken
`,
]

let parsed: Promise<readonly Recipe[]> | undefined
const recipes = (): Promise<readonly Recipe[]> => {
  parsed ??= Promise.all(texts.map((text) => recipeOf(text)))
  return parsed
}

/** Runs the suite on a cloud that is in memory, and writes every report of it. */
export async function runEventful(secrets: Secrets): Promise<Shown> {
  const environment = {
    OS_AUTH_URL: 'https://keystone.example/v3',
    OS_USERNAME: 'someone',
    OS_PASSWORD: secrets.password ?? 'Kq7-plain-Zw3',
    OS_PROJECT_NAME: 'work',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
    A_SECRET: secrets.environment ?? 'Vq8-plain-Xw2',
  }
  const inputs: { readonly [name: string]: Json } = { key: secrets.input ?? [] }
  const entries = (await recipes()).map((recipe, index) => ({ recipe, inputs: index === 0 ? inputs : {} }))
  const suite = runSuite(entries, {
    cloud: await cloudOf(environment),
    environment,
    transport: cloudInMemory(secrets),
    ...skippingClock(Date.parse(issued)),
    random: () => 0.5,
    ask: async () => {},
    explainCurl: true,
  })
  const events: SafeEvent[] = []
  for await (const event of suite) events.push(event)
  events.push(
    problemEvent(new OsrunError('FILE_UNWRITABLE', 'There is no room left for the report.'), 'report'),
  )
  const kinds = await Promise.all(reportKinds.map(async ({ kind, load }) => [kind, await load()] as const))
  const reports = new Map<string, string>()
  for (const [kind, reporter] of [...kinds, ['terminal', terminalReporter] as const]) {
    const written: string[] = []
    const write = (part: string): void => void written.push(part)
    const output = { write, isTerminal: false, color: false, width: 2000 }
    await reporter(
      (async function* () {
        yield* events
      })(),
      output,
      { verbosity: 'bodies', curl: true },
    )
    reports.set(kind, written.join(''))
  }
  return { events, result: await suite.result, reports }
}

/** The kinds of events that the suite tells: all that there are. */
export const allTypes: { readonly [Type in RunEvent['type']]: true } = {
  'run:start': true,
  'step:start': true,
  exchange: true,
  output: true,
  context: true,
  notice: true,
  question: true,
  poll: true,
  'step:end': true,
  'run:end': true,
  'suite:end': true,
  problem: true,
}

const issued = '2026-05-04T10:00:00.000000Z'

function cloudInMemory({ token = 'Tq9-plain-Yw1', cookies = [], fields = [] }: Secrets): Transport {
  let asked = 0
  const answer = (status: number, body?: unknown, headers: HeaderList = []): HttpResponse => {
    const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body))
    const typed: HeaderList = [['Content-Type', 'application/json'], ...headers]
    const facts = { size: bytes.length, md5: 'd41d8cd98f00b204e9800998ecf8427e', sha256: 'e3b0c442' }
    return { status, reason: 'As it is', headers: typed, body: bytes, duration: 1, ...facts }
  }
  const reply = ({ method, url }: HttpRequest): HttpResponse => {
    const path = new URL(url).pathname
    if (path === '/v3/auth/tokens' && method === 'POST')
      return answer(201, { token: tokenBody }, [['X-Subject-Token', token]])
    // A request id is the server's to choose.
    if (path === '/v3/auth/tokens') return answer(503, undefined, [['X-Openstack-Request-Id', token]])
    if (path === '/v1/state') return answer(200, { state: ++asked % 3 === 0 ? 'ready' : 'building' })
    if (path === '/v1/made') return answer(method === 'PUT' ? 201 : 204)
    if (path === '/v1/stuck')
      return method === 'PUT' ? answer(201) : answer(409, { error: { message: 'The thing is stuck.' } })
    if (path === '/v1/broken') throw new Error('The line went dead.')
    const shown = { shown: fields.at(-1) ?? 'something', secrets: fields.map((password) => ({ password })) }
    return answer(200, shown, [...cookies.map((value) => ['Set-Cookie', `a=${value}`] as const)])
  }
  return { send: async (request) => reply(request), close: async () => {} }
}

const tokenBody = {
  methods: ['password'],
  user: { id: 'u', name: 'someone', domain: { id: 'default', name: 'Default' } },
  project: { id: 'p', name: 'work', domain: { id: 'default', name: 'Default' } },
  roles: [{ id: 'r', name: 'member' }],
  audit_ids: ['a'],
  issued_at: issued,
  expires_at: '2036-05-04T10:00:00.000000Z',
  catalog: [
    {
      id: 's',
      type: 'object-store',
      name: 'swift',
      endpoints: [
        { id: 'e', interface: 'public', region: 'R', region_id: 'R', url: 'https://store.example/v1' },
      ],
    },
  ],
}
