import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { createTransport } from '../../src/library/index.ts'
import { readFault } from '../../src/sandbox/faults/index.ts'
import { account, ask, login } from '../sandbox/ask.ts'
import { cloudOf, recipeOf, runToEnd, startSandbox } from './on-sandbox.ts'
import { skippingClock } from './skipping-clock.ts'

/** How a run ends while a fault is on: passed unless it says otherwise, and cleaned up. */
type End = {
  readonly code?: string
  readonly exit?: number
  readonly hint?: RegExp
  /** How many tokens were made; 1 unless given. */
  readonly tokens?: number
  /** In milliseconds. */
  readonly waits?: readonly number[]
  /** What could not be cleaned up. */
  readonly leftovers?: number
}

const begin = ['authenticate:', 'pick-endpoint: object-store']
const make = [...begin, 'request: PUT ${endpoint}/mine', '  defer: [{ request: "DELETE ${endpoint}/mine" }]']
const breaks = 'pause: { question: "It is whole until now." }'
const head = 'request: HEAD ${endpoint}/photos'
const get = 'request: GET ${endpoint}/photos/fullsize/ovh-summit-2014-backstage-DS.jpg'

/** A fault, steps, and what comes of them. It is on from the start, or where the steps have `breaks`. */
export const faultCases: readonly (readonly [fault: string, steps: readonly string[], end: End])[] = [
  ['expired-tokens', [...make, breaks, get], { tokens: 2 }],
  ['token-life=60s', [...make, get], {}],
  ['token-life=125s', [...make, 'pause: 110s', get], { tokens: 2, waits: [110_000] }],
  ['late-revocation', [...make, get, 'revoke:'], { tokens: 2 }],
  ['unauthorized', [...make, breaks, get], { tokens: 2 }],
  ['unauthorized=2', [...make, breaks, get], { code: 'STATUS_UNEXPECTED', exit: 4, tokens: 2 }],
  ['rate-limit', [...make, breaks, head, '  retry: 3'], { waits: [1000] }],
  ['rate-limit', [...make, breaks, head], { code: 'STATUS_UNEXPECTED', exit: 4 }],
  ['unavailable', [...make, breaks, head, '  retry: 3'], { waits: [250, 500] }],
  [
    'unavailable=4',
    [...make, breaks, head, '  retry: 3'],
    { code: 'STATUS_UNEXPECTED', exit: 4, waits: [250, 500, 1000] },
  ],
  ['slow=1ms', [...make, get], {}],
  ['slow=1h', [...make, breaks, head, '  timeout: 100ms'], { code: 'TIMED_OUT', exit: 3, leftovers: 2 }],
  ['slow-body=1ms', [...make, get, 'assert: { size: 190046 }'], {}],
  ['slow-body=1h', [...make, get, '  timeout: 1s'], { code: 'TIMED_OUT', exit: 3 }],
  ['cut-body', [...make, get], { code: 'CONNECTION_LOST', exit: 3 }],
  ['endless-body', [...make, get, '  timeout: 1s'], { code: 'TIMED_OUT', exit: 3 }],
  ['wrong-discovery', [...make, get], {}],
  [
    'wrong-discovery',
    [
      ...make,
      'pick-endpoint: { service: identity, version: latest }',
      'request: GET ${endpoint}/auth/catalog',
    ],
    { code: 'STATUS_UNEXPECTED', exit: 4 },
  ],
  ['http-links', make, { code: 'CONNECTION_LOST', exit: 3, leftovers: 1 }],
  ['private-host', make, { code: 'DNS_FAILED', exit: 3 }],
  ['missing-region', make, { code: 'ENDPOINT_NOT_FOUND', exit: 5, hint: /Did you mean RegionTwo/ }],
  ['missing-region=RegionTwo', [...make, get], {}],
  ['alias-type', make, { code: 'ENDPOINT_NOT_FOUND', exit: 5, hint: /Did you mean object-storage/ }],
  ['empty-catalog', make, { code: 'CATALOG_EMPTY', exit: 5 }],
  ['skewed-clock', [...make, get], {}],
  ['skewed-clock=2h', [...make, get], {}],
  ['lower-case-headers', [...make, get, 'assert: { headers: { Etag: { minLength: 32 } } }'], {}],
]

/** How runs end while a fault is on, by one of the transports. */
export function describeFaults(via: string, createVia: typeof createTransport): void {
  describe(`by ${via}, with the fault`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'osrun-faults-'))
    afterAll(() => rmSync(folder, { recursive: true }))

    test.each(faultCases.map((one, index) => [index + 1, ...one] as const))(
      '%i: %s',
      async (_, text, steps, end) => {
        const hasTls = text === 'http-links'
        const setting = readFault(text, { hasTls })
        if ('problem' in setting) throw new Error(setting.problem)
        const isLater = steps.includes(breaks)
        await using sandbox = await startSandbox({ tls: hasTls, faults: isLater ? [] : [setting] })
        const cloud = await cloudOf(sandbox.environment)
        const cacert = join(folder, `${via}.pem`)
        writeFileSync(cacert, sandbox.authority ?? '')
        const transport = createVia({
          tls: hasTls ? { ...cloud.tls, cacert } : cloud.tls,
          environment: { PATH: process.env.PATH },
        })
        const clock = skippingClock()
        const { result } = await runToEnd(await recipeOf(recipeText(steps)), {
          ...clock,
          cloud,
          transport,
          random: () => 0.5,
          cleanupTimeout: text === 'slow=1h' ? 200 : 30_000,
          ask: async () => sandbox.faults.on(setting),
        })
        await transport.close()
        expect(result.problem?.code).toBe(end.code)
        expect(result.exit).toBe(end.exit ?? 0)
        expect(result.problem?.hint ?? '').toMatch(end.hint ?? /^/)
        expect(result.tokens.made).toBe(end.tokens ?? 1)
        expect(clock.waits).toEqual(end.waits ?? [])
        expect(result.leftovers).toHaveLength(end.leftovers ?? 0)
        if (end.leftovers !== undefined) return
        sandbox.faults.off(setting.name)
        expect(sandbox.liveTokens()).toEqual([])
        if (hasTls) return
        const left = await ask(sandbox, 'HEAD', `${account}/mine`, {
          headers: { 'X-Auth-Token': await login(sandbox) },
        })
        expect(left.status).toBe(404)
      },
    )
  })
}

function recipeText(steps: readonly string[]): string {
  const lines = steps.map((line) => (line.startsWith(' ') ? `    ${line.trim()}` : `  - ${line}`))
  return `osrun: 1\nname: n\nsteps:\n${lines.join('\n')}\n`
}
