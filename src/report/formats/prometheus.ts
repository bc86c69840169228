import type { Reporter } from '../../model/reporter.ts'
import { suiteFailures } from '../failures.ts'
import type { RunRecord, SuiteRecord } from '../run-records.ts'
import { collectSuite } from '../run-records.ts'

type Labels = Readonly<Record<string, string>>
type Sample = { readonly labels: Labels; readonly value: number }
type Metric = {
  readonly name: string
  readonly help: string
  samples(suite: SuiteRecord): readonly Sample[]
}

/** A file for node_exporter's textfile collector. https://prometheus.io/docs/instrumenting/exposition_formats/ */
export const prometheusReporter: Reporter = async (events, output) => {
  const suite = await collectSuite(events)
  for (const { name, help, samples } of metrics) {
    output.write(`# HELP ${name} ${help}\n# TYPE ${name} gauge\n`)
    const seen = new Set<string>()
    for (const { labels, value } of samples(suite)) {
      const line = `${name}{${labelsText(labels)}}`
      // The same recipe twice gives the same series; the format wants each once.
      if (!seen.has(line)) output.write(`${line} ${value}\n`)
      seen.add(line)
    }
  }
}

type RunMetric = Omit<Metric, 'samples'> & { samples(run: RunRecord): readonly Sample[] }

const ofRuns: readonly RunMetric[] = [
  {
    name: 'osrun_run_success',
    help: 'Whether the recipe passed and cleaned up: 1 or 0.',
    samples: (run) => [{ labels: labelsOf(run), value: run.result?.exit === 0 ? 1 : 0 }],
  },
  {
    name: 'osrun_run_skipped',
    help: 'Whether the recipe only logged in, since what it checks is not there: 1 or 0.',
    samples: (run) =>
      run.result ? [{ labels: labelsOf(run), value: run.result.skipped === undefined ? 0 : 1 }] : [],
  },
  {
    name: 'osrun_run_exit_status',
    help: 'The exit status that stands for the run.',
    samples: (run) => (run.result ? [{ labels: labelsOf(run), value: run.result.exit }] : []),
  },
  {
    name: 'osrun_run_duration_seconds',
    help: 'How long the run took.',
    samples: (run) => (run.result ? [{ labels: labelsOf(run), value: run.result.duration / 1000 }] : []),
  },
  {
    name: 'osrun_run_timestamp_seconds',
    help: 'When the run started, in seconds since 1970.',
    samples: (run) => [{ labels: labelsOf(run), value: Date.parse(run.time) / 1000 }],
  },
  {
    name: 'osrun_run_requests',
    help: 'How many requests the run sent.',
    samples: (run) => (run.result ? [{ labels: labelsOf(run), value: run.result.requests }] : []),
  },
  {
    name: 'osrun_run_leftovers',
    help: 'How many deferred steps and revocations failed.',
    samples: (run) => (run.result ? [{ labels: labelsOf(run), value: run.result.leftovers.length }] : []),
  },
  {
    name: 'osrun_step_success',
    help: 'Whether the step passed: 1 or 0; skipped steps are left out.',
    samples: (run) =>
      run.steps
        .filter(({ result }) => result.status !== 'skipped')
        .map((step) => ({ labels: labelsOf(run, step), value: step.result.status === 'passed' ? 1 : 0 })),
  },
  {
    name: 'osrun_step_duration_seconds',
    help: 'How long the step took.',
    samples: (run) =>
      run.steps
        .filter(({ result }) => result.status !== 'skipped')
        .map((step) => ({ labels: labelsOf(run, step), value: step.duration / 1000 })),
  },
  {
    name: 'osrun_token_left_seconds',
    help: 'How long the first token of the run was still good when the run started.',
    samples: (run) => {
      const ends = Date.parse(run.tokenEnds[0] ?? '')
      return Number.isNaN(ends)
        ? []
        : [{ labels: labelsOf(run), value: (ends - Date.parse(run.time)) / 1000 }]
    },
  },
]

// A recipe that was not begun did not pass either.
function notBegun({ runs, result }: SuiteRecord): readonly Sample[] {
  const [first] = runs
  const where = first === undefined ? { cloud: '', region: '', interface: '' } : whereOf(first)
  return (result?.notBegun ?? []).map(({ recipe, file }) => ({
    labels: { ...where, recipe, file },
    value: 0,
  }))
}

// Told with the file of the first recipe: those of several suites on one cloud are different series.
function ofSuite(value: (suite: SuiteRecord) => number): Metric['samples'] {
  return (suite) => {
    const [first] = suite.runs
    return first === undefined
      ? []
      : [{ labels: { ...whereOf(first), file: first.file }, value: value(suite) }]
  }
}

const metrics: readonly Metric[] = [
  ...ofRuns.map(({ name, help, samples }) => ({
    name,
    help,
    samples: (suite: SuiteRecord) => [
      ...suite.runs.flatMap(samples),
      ...(name === 'osrun_run_success' ? notBegun(suite) : []),
    ],
  })),
  {
    name: 'osrun_suite_success',
    help: 'Whether all recipes were begun, passed and cleaned up, and all was told: 1 or 0; file is that of the first one.',
    samples: ofSuite((suite) => (hasPassed(suite) ? 1 : 0)),
  },
  {
    name: 'osrun_suite_failures',
    help: 'How many problems are of no recipe: shared tokens that are left, an interrupt, a report that is not written.',
    samples: ofSuite((suite) => suiteFailures(suite).length),
  },
  {
    name: 'osrun_suite_not_begun',
    help: 'How many recipes were not begun any more.',
    samples: ofSuite(({ result }) => result?.notBegun.length ?? 0),
  },
]

function hasPassed(suite: SuiteRecord): boolean {
  return (
    suiteFailures(suite).length === 0 &&
    (suite.result?.exit ?? 0) === 0 &&
    suite.runs.every(({ result }) => result?.exit === 0)
  )
}

function labelsOf(run: RunRecord, step?: { readonly id: string; readonly verb: string }): Labels {
  return {
    ...whereOf(run),
    recipe: run.recipe,
    file: run.file,
    ...(step && { step: step.id, verb: step.verb }),
  }
}

// Two checks of one cloud, of a region or an interface each, are different series.
function whereOf({ cloud, region, interface: wanted }: RunRecord): Labels {
  return { cloud, region, interface: wanted }
}

function labelsText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`)
    .join(',')
}
