import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RunEvent, RunResult, StepResult } from '../../src/model/event.ts'
import { parseRecipe } from '../../src/recipe/parse.ts'
import type { RunOptions } from '../../src/run/recipe/run-options.ts'
import { verbs } from '../../src/steps/index.ts'
import { nowhere } from '../nowhere.ts'
import { cloudOf, runToEnd, type Sandbox } from '../run/on-sandbox.ts'

/** What a recipe's run did. */
export type Played = {
  readonly result: RunResult
  readonly events: readonly RunEvent[]
  /** What the steps set, as events show it. */
  readonly context: Readonly<Record<string, unknown>>
  readonly notices: readonly string[]
  readonly exchanges: readonly Extract<RunEvent, { type: 'exchange' }>[]
  /** How a step ended. */
  end(id: string): StepResult | undefined
}

/** The steps that most recipes start with. */
export const opening = '  - authenticate:\n  - pick-endpoint: object-store\n'

/** Runs a recipe of these steps, written as in its file below `steps:`; what stands before them goes into `head`. */
export async function play(
  sandbox: Sandbox,
  steps: string,
  { head = '', directory = nowhere, ...options }: RunOptions & { head?: string; directory?: string } = {},
): Promise<Played> {
  const text = `osrun: 1\nname: Played\n${head}steps:\n${steps}`
  const recipe = parseRecipe(text, { file: 'recipe.yaml', directory, verbs })
  const { result, events } = await runToEnd(recipe, {
    cloud: await cloudOf(sandbox.environment),
    ...options,
  })
  const all = events as readonly RunEvent[]
  const context: Record<string, unknown> = {}
  for (const event of all) if (event.type === 'context') context[event.name] = event.value
  return {
    result,
    events: all,
    context,
    notices: all.flatMap((event) => (event.type === 'notice' ? [event.message] : [])),
    exchanges: all.filter((event) => event.type === 'exchange'),
    end: (id) =>
      all.flatMap((event) => (event.type === 'step:end' && event.step === id ? [event.result] : [])).at(-1),
  }
}

/** What a server outside of the catalog saw. */
export type Heard = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A server that no catalog names: `/status/404`, `/redirect/STATUS?URL`, `/circle`, `/never`; anything else is told back as JSON. */
export async function startStranger(): Promise<{
  readonly url: string
  readonly heard: readonly Heard[]
  close(): Promise<void>
}> {
  const heard: Heard[] = []
  const server: Server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const { method = '', url = '', headers } = request
    heard.push({ method, url, headers, body })
    const [, kind, status, target] = /^\/(status|redirect)\/(\d+)(?:\?(.*))?$/.exec(url) ?? []
    if (url === '/never') return
    if (kind === 'redirect') response.setHeader('Location', target ?? '/')
    if (url === '/circle') response.setHeader('Location', url)
    response.statusCode = url === '/circle' ? 307 : Number(status ?? 200)
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ method, url, headers, body }))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
