import type { ReportKind } from '../model/reporter.ts'

/** The kinds of `--report KIND=PATH`: a new one is a file and an entry here. */
export const reportKinds: readonly ReportKind[] = [
  {
    kind: 'json',
    summary: 'one JSON document with all runs',
    load: async () => (await import('./json.ts')).jsonReporter,
  },
  {
    kind: 'junit',
    summary: 'JUnit XML for CI',
    load: async () => (await import('./junit.ts')).junitReporter,
  },
]
