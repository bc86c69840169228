import { type Cloud, runSuite } from '../../src/library/index.ts'
import { createRecorder, openReplay, parseRecording } from '../../src/library/recording.ts'
import type { SafeEvent, ShownBody, SuiteResult } from '../../src/model/event.ts'
import type { Recipe } from '../../src/model/recipe.ts'
import type { SuiteOptions } from '../../src/run/suite/suite-options.ts'
import { assertNoSecret } from '../secrets/canary.ts'

/** What a suite told, and how it ended. */
export type Told = { readonly events: readonly SafeEvent[]; readonly result: SuiteResult }

/** Runs recipes and gives the recording of it as well, which no secret of the sandbox may be in. */
export async function record(
  recipes: readonly Recipe[],
  cloud: Cloud,
  options: SuiteOptions = {},
): Promise<Told & { readonly text: string }> {
  const recorder = createRecorder(cloud)
  const entries = recipes.map((recipe) => ({ recipe, inputs: {} }))
  const told = await toEnd(runSuite(entries, { ...options, cloud, record: recorder }))
  const text = recorder.text()
  assertNoSecret(text, 'the recording')
  return { ...told, text }
}

/** Replays a recording. There is no cloud, and nothing that could be sent would arrive. */
export async function replay(
  recipes: readonly Recipe[],
  text: string,
  options: SuiteOptions = {},
): Promise<Told> {
  const recording = parseRecording(text, 'run.ndjson')
  const played = openReplay(recording, 'run.ndjson')
  const entries = recipes.map((recipe) => played.entryOf(recipe))
  const { cloud } = recording
  return toEnd(runSuite(entries, { ...options, cloud, transport: played.transport }))
}

/** Events without what time passed, and without the size of requests that hold a secret, which is that of the secret. */
export function timeless({ events }: Told): readonly string[] {
  return events.map((event) => JSON.stringify(event, without))
}

function without(key: string, value: unknown): unknown {
  if (/^(time|duration|after)$/.test(key)) return 0
  const hasSecret = key === 'requestBody' && JSON.stringify(value).includes('***')
  return hasSecret ? { ...(value as ShownBody), size: 0 } : value
}

async function toEnd(suite: ReturnType<typeof runSuite>): Promise<Told> {
  const events: SafeEvent[] = []
  for await (const event of suite) events.push(event)
  const result = await suite.result
  assertNoSecret(JSON.stringify(events), 'an event')
  return { events, result }
}
