import type { outputsReporter } from '../../src/report/formats/outputs.ts'
import { opening, play } from '../steps/play.ts'
import type { Sandbox } from './on-sandbox.ts'

/** Steps that capture a count and a status. */
export const steps = `${opening}  - request: HEAD /photos\n    capture: { count: headers.x-container-object-count, state: status }\n`

/** Runs a recipe that has these outputs. */
export async function told(sandbox: Sandbox, outputs: string, more: Parameters<typeof play>[2] = {}) {
  return play(sandbox, steps, { ...more, head: `${more.head ?? ''}outputs: ${outputs}\n` })
}

/** What a reporter writes of a run. */
export async function reported(
  reporter: typeof outputsReporter,
  { events }: Awaited<ReturnType<typeof told>>,
) {
  let text = ''
  const write = (part: string) => {
    text += part
  }
  const source = (async function* () {
    yield* events
  })()
  const output = { write, isTerminal: false, color: false, width: 80 }
  await reporter(source as never, output, { verbosity: 'quiet', curl: false })
  return text
}
