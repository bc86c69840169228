import { setTimeout } from 'node:timers/promises'
import type { createTransport } from '../../src/library/index.ts'
import { recipeOf, runToEnd } from './on-sandbox.ts'
import { startSmallKeystone } from './small-keystone.ts'

/** A Keystone that makes each token at once, and answers so many milliseconds later. */
export async function startSlowKeystone(milliseconds: number) {
  const keystone = await startSmallKeystone({
    async login(_request, response) {
      const id = keystone.nextToken()
      await setTimeout(milliseconds)
      response.writeHead(201, keystone.headersOf(id)).end(keystone.tokenBody())
    },
  })
  return keystone
}

/** Runs a recipe on it over a transport of its own, and gives its result and the Keystone. */
export async function runOnSlowKeystone(text: string, make: typeof createTransport) {
  const keystone = await startSlowKeystone(300)
  const cloud = await keystone.cloud()
  const transport = make({ tls: cloud.tls, environment: { PATH: process.env.PATH } })
  try {
    return { keystone, ...(await runToEnd(await recipeOf(text), { cloud, transport })) }
  } finally {
    await transport.close()
  }
}

/** Recipes whose time is over before their token comes, by where the time-out stands. */
export const hastyRecipes = [
  ['of the step', 'osrun: 1\nsteps:\n  - authenticate:\n    timeout: 100ms\n  - pause: 1ms\n'],
  ['of all steps', 'osrun: 1\ndefaults: { timeout: 100ms }\nsteps:\n  - authenticate:\n  - pause: 1ms\n'],
  [
    'of a step that authenticates anew',
    'osrun: 1\nsteps:\n  - authenticate:\n  - authenticate: { fresh: true }\n    timeout: 100ms\n  - pause: 1ms\n',
  ],
] as const
