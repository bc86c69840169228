import type { Problem } from '../model/problem.ts'
import type { Reporter } from '../model/reporter.ts'
import { escapeXml } from './escape.ts'
import type { RunRecord, StepRecord } from './run-records.ts'
import { collectRuns } from './run-records.ts'
import { timelineText } from './timeline.ts'

/**
 * JUnit XML: a suite for each run, a case for each step. https://github.com/jenkinsci/xunit-plugin (junit-10.xsd)
 */
export const junitReporter: Reporter = async (events, output) => {
  const runs = await collectRuns(events)
  output.write(
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="osrun">\n${runs.map(suite).join('')}</testsuites>\n`,
  )
}

function suite(run: RunRecord): string {
  const cases = run.steps.map((step) => testcase(run, step))
  const leftovers = run.result?.leftovers ?? []
  const failed = run.steps.filter((step) => outcome(step) === 'failure').length
  const errors = run.steps.filter((step) => outcome(step) === 'error').length
  const skipped = run.steps.filter((step) => outcome(step) === 'skipped').length
  const attributes = {
    name: run.recipe,
    tests: String(run.steps.length),
    failures: String(failed),
    errors: String(errors),
    skipped: String(skipped),
    time: seconds(run.result?.duration ?? 0),
    timestamp: run.time.replace(/\.\d+Z$|Z$/, ''),
    hostname: run.cloud === '' ? 'cloud' : run.cloud,
    id: run.runId,
  }
  const told = [...run.notices, ...leftovers.map(({ message }) => message)].join('\n')
  return `  <testsuite${attributesText(attributes)}>\n${cases.join('')}${told === '' ? '' : `    <system-err>${escapeXml(told)}</system-err>\n`}  </testsuite>\n`
}

function testcase(run: RunRecord, step: StepRecord): string {
  const head = attributesText({
    name: `${step.id}: ${step.title}`,
    classname: run.file,
    time: seconds(step.duration),
  })
  const told = [...curlsOf(step), ...(step.timeline === undefined ? [] : timelineText(step.timeline))]
  const out = told.length === 0 ? '' : `      <system-out>${escapeXml(told.join('\n'))}</system-out>\n`
  return `    <testcase${head}>\n${verdict(step)}${out}    </testcase>\n`
}

// A step that was repeated sent the same again and again.
function curlsOf({ exchanges, timeline }: StepRecord): readonly string[] {
  const curls = exchanges.map(({ curl }) => curl)
  return timeline === undefined ? curls : curls.filter((curl, index) => curl !== curls[index - 1])
}

function outcome(step: StepRecord): 'failure' | 'error' | 'skipped' | 'passed' {
  const { status } = step.result
  if (status === 'skipped') return 'skipped'
  if (status === 'passed' || step.allowedFailure) return 'passed'
  return status === 'failed' ? 'failure' : 'error'
}

function verdict(step: StepRecord): string {
  const { result } = step
  const kind = outcome(step)
  if (kind === 'passed') return ''
  if (result.status === 'skipped') return `      <skipped>${escapeXml(result.reason)}</skipped>\n`
  if (result.status === 'passed') return ''
  const lines =
    result.status === 'failed'
      ? result.mismatches.map(
          ({ subject, expected, found }) => `${subject}: expected ${expected}, found ${found}`,
        )
      : []
  return `      <${kind}${attributesText({ message: result.problem.message, type: result.problem.code })}>${escapeXml([...place(result.problem), ...lines].join('\n'))}</${kind}>\n`
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
