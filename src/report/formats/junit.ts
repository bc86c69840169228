import type { Problem, SourcedProblem } from '../../model/problem.ts'
import type { Reporter } from '../../model/reporter.ts'
import { escapeXml } from '../escape.ts'
import { isUnexpected, placeOf, runFailures, suiteFailures } from '../failures.ts'
import type { RunRecord, StepRecord, SuiteRecord } from '../run-records.ts'
import { collectSuite } from '../run-records.ts'
import { timelineText } from '../text/timeline.ts'
import { whereText } from '../text/where-text.ts'

/**
 * JUnit XML: a suite for each run, a case for each step and for what went wrong besides. https://github.com/jenkinsci/xunit-plugin (junit-10.xsd)
 */
export const junitReporter: Reporter = async (events, output) => {
  const told = await collectSuite(events)
  const suites = [...told.runs.map(ofRun), ...notBegun(told), ...ofAll(told)].join('')
  output.write(`<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="osrun">\n${suites}</testsuites>\n`)
}

type Outcome = 'failure' | 'error' | 'skipped' | 'passed'
type Case = { readonly outcome: Outcome; readonly xml: string }

function ofRun(run: RunRecord): string {
  const { ofSteps, others } = runFailures(run)
  const cases = [
    ...run.steps.map((step) => ofStep(run, step, ofSteps.get(step))),
    ...others.map((problem) => ofProblem(run.file, problem)),
  ]
  return testsuite(cases, run.notices, {
    name: run.recipe,
    time: seconds(run.result?.duration ?? 0),
    timestamp: run.time.replace(/\.\d+Z$|Z$/, ''),
    hostname: whereText(run) === '' ? 'cloud' : whereText(run),
    id: run.runId,
  })
}

function notBegun({ result }: SuiteRecord): readonly string[] {
  return (result?.notBegun ?? []).map(({ recipe, file, reason }) => {
    const head = attributesText({ name: 'not begun', classname: file, time: seconds(0) })
    const xml = `    <testcase${head}>\n      <skipped>${escapeXml(reason)}</skipped>\n    </testcase>\n`
    return testsuite([{ outcome: 'skipped', xml }], [], { name: recipe, time: seconds(0) })
  })
}

function ofAll(told: SuiteRecord): readonly string[] {
  const cases = suiteFailures(told).map((problem) => ofProblem('osrun', problem))
  return cases.length === 0 ? [] : [testsuite(cases, [], { name: placeOf.suite, time: seconds(0) })]
}

function testsuite(
  cases: readonly Case[],
  notices: readonly string[],
  { name, ...rest }: { readonly name: string; readonly [attribute: string]: string },
): string {
  const number = (wanted: Outcome): string => String(cases.filter(({ outcome }) => outcome === wanted).length)
  const attributes = {
    name,
    tests: String(cases.length),
    failures: number('failure'),
    errors: number('error'),
    skipped: number('skipped'),
    ...rest,
  }
  const told = notices.length === 0 ? '' : `    <system-err>${escapeXml(notices.join('\n'))}</system-err>\n`
  return `  <testsuite${attributesText(attributes)}>\n${cases.map(({ xml }) => xml).join('')}${told}  </testsuite>\n`
}

function ofStep(run: RunRecord, step: StepRecord, problem: SourcedProblem | undefined): Case {
  const { id, title, duration, timeline, result } = step
  const head = attributesText({ name: `${id}: ${title}`, classname: run.file, time: seconds(duration) })
  const told = [...curlsOf(step), ...(timeline === undefined ? [] : timelineText(timeline))]
  const out = told.length === 0 ? '' : `      <system-out>${escapeXml(told.join('\n'))}</system-out>\n`
  const outcome: Outcome =
    problem === undefined
      ? result.status === 'skipped'
        ? 'skipped'
        : 'passed'
      : result.status === 'failed'
        ? 'failure'
        : 'error'
  const verdict =
    problem !== undefined
      ? failure(outcome, problem, differences(step))
      : result.status === 'skipped'
        ? `      <skipped>${escapeXml(result.reason)}</skipped>\n`
        : ''
  return { outcome, xml: `    <testcase${head}>\n${verdict}${out}    </testcase>\n` }
}

function ofProblem(classname: string, problem: SourcedProblem): Case {
  const outcome = isUnexpected(problem) ? 'failure' : 'error'
  const head = attributesText({ name: placeOf[problem.from], classname, time: seconds(0) })
  return { outcome, xml: `    <testcase${head}>\n${failure(outcome, problem, [])}    </testcase>\n` }
}

// A step that was repeated sent the same again and again.
function curlsOf({ exchanges, timeline }: StepRecord): readonly string[] {
  const curls = exchanges.map(({ curl }) => curl)
  return timeline === undefined ? curls : curls.filter((curl, index) => curl !== curls[index - 1])
}

function differences({ result }: StepRecord): readonly string[] {
  return result.status === 'failed'
    ? result.mismatches.map(
        ({ subject, expected, found }) => `${subject}: expected ${expected}, found ${found}`,
      )
    : []
}

function failure(kind: Outcome, problem: Problem, lines: readonly string[]): string {
  const head = attributesText({ message: problem.message, type: problem.code })
  return `      <${kind}${head}>${escapeXml([...place(problem), ...lines].join('\n'))}</${kind}>\n`
}

function place({ at, hint }: Problem): readonly string[] {
  return [...(at ? [`${at.file}:${at.line}:${at.column}`] : []), ...(hint === undefined ? [] : [hint])]
}

function attributesText(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(
      ([name, value]) => ` ${name}="${escapeXml(value).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`,
    )
    .join('')
}

function seconds(milliseconds: number): string {
  return (Math.max(0, milliseconds) / 1000).toFixed(3)
}
