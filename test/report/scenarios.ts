import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SafeEvent } from '../../src/model/event.ts'
import type { Output, ReportOptions } from '../../src/model/reporter.ts'
import { reportKinds } from '../../src/report/index.ts'
import { terminalReporter } from '../../src/report/terminal/terminal.ts'
import { cloudOf, recipeOf, runToEnd, type Sandbox } from '../run/on-sandbox.ts'
import { skippingClock } from '../run/skipping-clock.ts'
import { assertNoSecret } from '../secrets/canary.ts'

/** A recipe to be run, and what is shown of it. */
export type Scenario = {
  readonly name: string
  readonly steps: string
  readonly environment?: Readonly<Record<string, string>>
  readonly show?: Partial<ReportOptions>
  readonly output?: Partial<Output>
  readonly explainCurl?: boolean
}

/** Gives back what the reporter wrote of a scenario on a sandbox. `HOSTILE` in it is a server of ill will. */
export async function report(scenario: Scenario, kind: string, sandbox: Sandbox): Promise<string> {
  let text = ''
  const output: Output = {
    write: (part) => {
      text += part
    },
    isTerminal: false,
    color: false,
    width: 100,
    ...scenario.output,
  }
  const reporter = (await reportKinds.find((one) => one.kind === kind)?.load()) ?? terminalReporter
  const events = await eventsOf(scenario, sandbox)
  const told = (async function* () {
    yield* events
  })()
  await reporter(told, output, { verbosity: 'normal', curl: true, ...scenario.show })
  assertNoSecret(text, scenario.name)
  return text
}

// A scenario is run once on a sandbox, whatever is reported of it.
const runs = new WeakMap<Sandbox, Map<Scenario, Promise<readonly SafeEvent[]>>>()

function eventsOf(scenario: Scenario, sandbox: Sandbox): Promise<readonly SafeEvent[]> {
  const onSandbox = runs.get(sandbox) ?? new Map<Scenario, Promise<readonly SafeEvent[]>>()
  runs.set(sandbox, onSandbox)
  const events = onSandbox.get(scenario) ?? runScenario(scenario, sandbox)
  onSandbox.set(scenario, events)
  return events
}

async function runScenario(scenario: Scenario, sandbox: Sandbox): Promise<readonly SafeEvent[]> {
  await using hostile = await hostileServer()
  const recipe = await recipeOf(
    `osrun: 1\nname: ${scenario.name}\nsteps:\n${scenario.steps.replaceAll('HOSTILE', hostile.url)}`,
  )
  const { events } = await runToEnd(recipe, {
    cloud: await cloudOf({ ...sandbox.environment, ...scenario.environment }),
    cleanupTimeout: 5000,
    explainCurl: scenario.explainCurl === true,
    ...skippingClock(),
    random: () => 0.5,
  })
  return events
}

const evil = '\u001b[2J\u001b]0;owned\u0007\r✓ assert status: passed\u202e\u0000'

async function hostileServer(): Promise<AsyncDisposable & { readonly url: string }> {
  let asked = 0
  const server = createServer((request, answer) => {
    asked++
    const [, path, ...states] = request.url?.split('/') ?? []
    if (path === 'states') {
      answer.writeHead(200, { 'Content-Type': 'application/json' })
      answer.end(JSON.stringify({ server: { status: states[Math.min(asked, states.length) - 1] } }))
    } else if (path === 'busy') {
      answer.writeHead(asked > Number(states[0]) ? 204 : 503, asked === 1 ? { 'Retry-After': '7' } : {})
      answer.end()
    } else if (request.url === '/cut') {
      answer.writeHead(200, { 'Content-Length': '100' })
      answer.write('only this')
      answer.socket?.destroySoon()
    } else if (request.url === '/silent') {
      // Never answered.
    } else if (request.url === '/html') {
      answer.writeHead(502, { 'Content-Type': 'text/html' })
      answer.end('<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>')
    } else {
      answer.writeHead(500, { 'Content-Type': 'application/json', 'X-Openstack-Request-Id': 'req-evil' })
      answer.end(JSON.stringify({ error: { code: 500, message: evil, title: evil } }))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const login = '  - authenticate:\n'
const store = `${login}  - pick-endpoint: object-store\n`
const photo = 'photos/fullsize/ovh-summit-2014-backstage-DS.jpg'

/** More failures than successes: it is failures that people read. */
export const scenarios: readonly Scenario[] = [
  { name: 'wrong password', steps: login, environment: { OS_PASSWORD: 'not-this-one' } },
  { name: 'unknown project', steps: login, environment: { OS_PROJECT_NAME: 'nobody-knows' } },
  {
    name: 'no role on the project',
    steps: login,
    environment: { OS_PROJECT_NAME: 'forge', OS_PROJECT_DOMAIN_NAME: 'Guild' },
  },
  { name: 'no keystone there', steps: login, environment: { OS_AUTH_URL: 'http://127.0.0.1:9/v3' } },
  { name: 'unknown region', steps: store, environment: { OS_REGION_NAME: 'RegionTow' } },
  { name: 'unknown service', steps: `${login}  - pick-endpoint: compute\n` },
  {
    name: 'empty catalog',
    steps: '  - authenticate: { scope: unscoped }\n  - pick-endpoint: object-store\n',
  },
  { name: 'missing object', steps: `${store}  - request: HEAD /photos/nothing.jpg\n` },
  { name: 'missing container with a body', steps: `${store}  - request: GET /nowhere\n` },
  { name: 'unexpected status', steps: `${store}  - request: { url: GET /photos, expect: [201, 202] }\n` },
  {
    name: 'many differences',
    steps: `${store}  - request: HEAD /${photo}\n  - assert:\n      status: 204\n      headers:\n        content-type: image/png\n        content-length: { maximum: 10 }\n        x-nothing: there\n      size: { minimum: 1 }\n`,
  },
  {
    name: 'json differs',
    steps: `${store}  - request: { url: GET /photos, query: { format: json } }\n  - assert:\n      json:\n        $[0].name: another.jpg\n        $[0].bytes: { type: string }\n        $[7].hash: { pattern: ^a }\n`,
  },
  {
    name: 'no such thing to capture',
    steps: `${store}  - request: HEAD /photos\n    capture: { size: headers.x-nothing, id: $.id }\n`,
  },
  {
    name: 'no value',
    steps: `${store}  - request: HEAD /photos\n  - request: GET /photos/\${response.headers.x-nothing}\n`,
  },
  {
    name: 'own message for no value',
    steps: `${store}  - request: HEAD "/\${response.headers.x-nothing:?list the containers first}"\n`,
  },
  { name: 'hostile text', steps: `  - request: GET HOSTILE/\n`, show: { verbosity: 'bodies' } },
  { name: 'gateway page', steps: '  - request: GET HOSTILE/html\n' },
  { name: 'cut answer', steps: '  - request: GET HOSTILE/cut\n' },
  { name: 'time-out', steps: '  - request: GET HOSTILE/silent\n    timeout: 200ms\n' },
  { name: 'nothing listens', steps: '  - request: GET http://127.0.0.1:9/\n' },
  {
    name: 'token for a stranger',
    steps: `${login}  - request: { url: GET HOSTILE/html, token: true, expect: 502 }\n`,
  },
  {
    name: 'cleaning up fails',
    steps: `${store}  - request: PUT /left-\${run.id}\n    defer:\n      - request: { url: "DELETE /left-\${run.id}", expect: 418 }\n`,
  },
  { name: 'allowed failure', steps: `${store}  - request: HEAD /nowhere\n    allow-failure: true\n` },
  {
    name: 'polled until it is active',
    steps: `  - request: GET HOSTILE/states/BUILD/BUILD/BUILD/BUILD/ACTIVE\n    until: { json: { $.server.status: ACTIVE } }\n    capture: { status: $.server.status }\n`,
  },
  {
    name: 'polled with headers',
    steps: `  - request: GET HOSTILE/states/BUILD/ACTIVE\n    until: { status: 200, json: { $.server.status: ACTIVE } }\n`,
    show: { verbosity: 'headers' },
  },
  {
    name: 'polled in vain',
    steps: `  - request: GET HOSTILE/states/BUILD/STUCK\n    until: { json: { $.server.status: ACTIVE } }\n    every: 5s\n    timeout: 18s\n`,
  },
  {
    name: 'polled in vain and quietly',
    steps: `  - request: GET HOSTILE/states/BUILD\n    until: { json: { $.server.status: ACTIVE } }\n    every: 10s\n    timeout: 15s\n`,
    show: { verbosity: 'quiet' },
  },
  {
    name: 'polled and ended by fail-if',
    steps: `  - request: GET HOSTILE/states/BUILD/ERROR\n    until: { json: { $.server.status: ACTIVE } }\n    fail-if: { json: { $.server.status: [ERROR, DELETED] } }\n`,
  },
  {
    name: 'polled through many states',
    steps: `  - request: GET HOSTILE/states/${Array.from({ length: 15 }, (_, index) => `s${index}`).join('/')}/ACTIVE\n    until: { json: { $.server.status: ACTIVE } }\n`,
  },
  {
    name: 'hostile states',
    steps: `  - request: GET HOSTILE/\n    until: { status: 500, body: { pattern: owned } }\n`,
  },
  { name: 'retried', steps: '  - request: GET HOSTILE/busy/2\n    retry: 3\n' },
  { name: 'retried in vain', steps: '  - request: GET HOSTILE/busy/9\n    retry: { times: 1, delay: 4s }\n' },
  {
    name: 'retry that would take too long',
    steps: '  - request: GET HOSTILE/busy/9\n    retry: 1\n    timeout: 5s\n',
  },
  {
    name: 'skipped steps',
    steps: `${store}  - request: GET \${endpoint}/x\n    when: { service: orchestration }\n  - request: GET \${endpoint}/y\n    when: { endpoint.region: GRA }\n  - request: GET \${endpoint}/\${item}\n    for-each: []\n`,
  },
  {
    name: 'for each item',
    steps: `${store}  - for-each: [photos, nowhere, never]\n    note: Once for each.\n    request: HEAD /\${item}\n`,
  },
  {
    name: 'for each of no list',
    steps: `${login}  - for-each: \${token.user}\n    request: HEAD HOSTILE/\${item.id}\n`,
  },
  { name: 'narrow', steps: `${store}  - request: HEAD /photos/nothing.jpg\n`, output: { width: 40 } },
  {
    name: 'failure in colour',
    steps: `${store}  - request: HEAD /photos/nothing.jpg\n`,
    output: { color: true },
  },
  {
    name: 'quiet failure',
    steps: `${store}  - request: HEAD /photos/nothing.jpg\n`,
    show: { verbosity: 'quiet' },
  },
  {
    name: 'success',
    steps: `${store}  - request: HEAD /${photo}\n  - assert: { status: 200 }\n  - revoke:\n`,
  },
  { name: 'quiet success', steps: `${store}  - request: HEAD /${photo}\n`, show: { verbosity: 'quiet' } },
  { name: 'headers', steps: `${store}  - request: HEAD /${photo}\n`, show: { verbosity: 'headers' } },
  {
    name: 'bodies',
    steps: `${store}  - request: { url: GET /photos, query: { format: json } }\n`,
    show: { verbosity: 'bodies' },
  },
  {
    name: 'explained curl',
    steps: `${store}  - request: HEAD /${photo}\n  - request: { url: GET /photos, query: { format: json } }\n  - revoke:\n`,
    explainCurl: true,
    output: { width: 80 },
  },
  { name: 'no curl', steps: `${store}  - request: HEAD /photos\n`, show: { curl: false } },
  { name: 'colour', steps: `${store}  - request: HEAD /photos\n`, output: { color: true } },
]
