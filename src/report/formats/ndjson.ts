import type { Reporter } from '../../model/reporter.ts'

/** Every event as a line of JSON, as it happens. https://github.com/ndjson/ndjson-spec */
export const ndjsonReporter: Reporter = async (events, output) => {
  for await (const event of events) output.write(`${JSON.stringify(event)}\n`)
}
