import { basename } from 'node:path'
import type { Transport } from '../../model/exchange.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { RunReplay, SuiteEntry } from '../suite/suite-options.ts'
import { randomOf } from './random.ts'
import type { RecordedExchange, RecordedRun, Recording } from './recording.ts'
import { createReplayTransport } from './replay-transport.ts'

/** A recording that is being played. */
export type Replay = {
  /** The next run of this recipe, with the inputs that it had; throws RECORDING_INVALID where none is left. */
  entryOf(recipe: Recipe): Required<SuiteEntry>
  /** Answers what the suite itself asks. */
  readonly transport: Transport
}

/**
 * Plays a recording: each run gets its own id, inputs, clock and answers, and no request leaves the process.
 *
 * @example
 * const recording = parseRecording(await readFile('run.ndjson', 'utf8'), 'run.ndjson')
 * const replay = openReplay(recording, 'run.ndjson')
 * const suite = runSuite([replay.entryOf(recipe)], { cloud: recording.cloud, transport: replay.transport })
 */
export function openReplay(recording: Recording, file: string): Replay {
  const left = [...recording.runs]
  const others = [...recording.runs.flatMap(({ exchanges }) => exchanges), ...recording.afterwards]
  return {
    entryOf(recipe) {
      const index = left.findIndex(
        (one) => one.recipe === recipe.name && basename(one.file) === basename(recipe.file),
      )
      const [run] = index < 0 ? [] : left.splice(index, 1)
      if (run === undefined) throw notRecorded(recipe, recording, file)
      return { recipe: withAnySecrets(recipe), inputs: run.inputs, replay: replayOf(run, others) }
    },
    transport: createReplayTransport(recording.afterwards, { others: [], reach: () => {} }),
  }
}

function replayOf(run: RecordedRun, others: readonly RecordedExchange[]): RunReplay {
  let time = run.started
  const reach = (then: number): void => {
    time = Math.max(time, then)
  }
  return {
    // A recording may come from elsewhere: what it names is not the choice of whoever plays it.
    strangeInputs: true,
    runId: run.run,
    environment: run.environment,
    random: randomOf(run.run),
    now: () => time,
    // Nobody waits; the clock is as late as if somebody had.
    async wait(milliseconds, signal) {
      if (signal.aborted) throw signal.reason
      time += milliseconds
    },
    transport: createReplayTransport(run.exchanges, { others, reach }),
  }
}

// What stands for a secret need not look like one.
function withAnySecrets(recipe: Recipe): Recipe {
  return { ...recipe, inputs: recipe.inputs.map((one) => (one.secret ? { ...one, schema: {} } : one)) }
}

function notRecorded(recipe: Recipe, { runs }: Recording, file: string): OsrunError {
  const own = runs.filter((run) => run.recipe === recipe.name).length
  const names = [...new Set(runs.map((run) => `"${run.recipe}" (${basename(run.file)})`))]
  return new OsrunError(
    'RECORDING_INVALID',
    own > 0
      ? `"${file}" has "${recipe.name}" ${own === 1 ? 'once' : `${own} times`}, and it is to be replayed more often.`
      : `"${file}" has no run of "${recipe.name}" (${basename(recipe.file)}).`,
    { hint: names.length === 0 ? 'It has none at all.' : `It has: ${names.slice(0, 10).join(', ')}.` },
  )
}
