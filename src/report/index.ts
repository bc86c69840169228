import type { ReportKind } from '../model/reporter.ts'
import { nagiosStatus } from './formats/nagios-status.ts'

/** The kinds of `--report KIND=PATH`: a new one is a file and an entry here. */
export const reportKinds: readonly ReportKind[] = [
  {
    kind: 'json',
    summary: 'one JSON document with all runs',
    load: async () => (await import('./formats/json.ts')).jsonReporter,
  },
  {
    kind: 'junit',
    summary: 'JUnit XML for CI',
    load: async () => (await import('./formats/junit.ts')).junitReporter,
  },
  {
    kind: 'tap',
    summary: 'TAP 14, a subtest for each recipe',
    load: async () => (await import('./formats/tap.ts')).tapReporter,
  },
  {
    kind: 'ndjson',
    isLive: true,
    summary: 'every event as a line of JSON',
    load: async () => (await import('./formats/ndjson.ts')).ndjsonReporter,
  },
  {
    kind: 'markdown',
    summary: "a summary for a CI job's page",
    load: async () => (await import('./formats/markdown.ts')).markdownReporter,
  },
  {
    kind: 'html',
    summary: 'one page for a browser, which needs no network',
    load: async () => (await import('./html/html.ts')).htmlReporter,
  },
  {
    kind: 'outputs',
    summary: 'the outputs as name=value lines for a shell',
    load: async () => (await import('./formats/outputs.ts')).outputsReporter,
  },
  {
    kind: 'har',
    summary: 'an HTTP archive of all requests',
    load: async () => (await import('./formats/har.ts')).harReporter,
  },
  {
    kind: 'prometheus',
    summary: "a file for node_exporter's textfile collector",
    isForOthers: true,
    load: async () => (await import('./formats/prometheus.ts')).prometheusReporter,
  },
  {
    kind: 'nagios',
    summary: 'one line for Nagios and its kin, whose exit statuses osrun then uses',
    toExit: nagiosStatus,
    load: async () => (await import('./formats/nagios.ts')).nagiosReporter,
  },
]
