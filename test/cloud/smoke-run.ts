import type { ExchangeRecord, RunEvent, SuiteResult } from '../../src/model/event.ts'
import { startProcess } from '../cli/osrun-process.ts'

/** How `osrun smoke` ended. */
export type SmokeRun = {
  readonly status: number | null
  readonly suite: SuiteResult
  readonly notices: readonly string[]
  /** Every token that was sent anywhere. */
  readonly tokens: ReadonlySet<string>
}

/** Runs `osrun smoke` in a process of its own; `onExchange` hears of each request as soon as its answer is there. */
export async function runSmoke(
  environment: Readonly<Record<string, string>>,
  onExchange: (exchange: ExchangeRecord) => void = () => {},
  flags: readonly string[] = [],
): Promise<SmokeRun> {
  const { child, ended } = startProcess(['smoke', '--reveal', '--report', 'ndjson=-', ...flags], environment)
  const tokens = new Set<string>()
  const notices: string[] = []
  let suite: SuiteResult | undefined
  let rest = ''
  child.stdout?.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const event = JSON.parse(line) as RunEvent
      if (event.type === 'suite:end') suite = event.result
      if (event.type === 'notice') notices.push(event.message)
      if (event.type !== 'exchange') continue
      for (const [token] of (event.revealedCurl ?? '').matchAll(/gAAAA[\w-]{30,}/g)) tokens.add(token)
      onExchange(event.exchange)
    }
  })
  const { status, stderr } = await ended
  if (suite === undefined) throw new Error(`osrun smoke ended with ${status}: ${stderr}`)
  return { status, suite, notices, tokens }
}
