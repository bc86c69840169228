import { expect } from 'vitest'
import { createTransport } from '../../src/library/index.ts'
import type { Cloud } from '../../src/model/cloud.ts'
import type { Recipe } from '../../src/model/recipe.ts'
import { failingEarly, failingLate } from '../failing-recipes.ts'
import { startRecordingProxy } from '../recording-proxy.ts'
import { runToEnd } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'
import { runScript } from './shell.ts'

/** A cloud, and what can be asked about that which a run made there. */
export type InspectedCloud = {
  readonly cloud: Cloud
  readonly environment: Readonly<Record<string, string>>
  isLive(token: string): Promise<boolean>
  /** The status of a GET by somebody who may see everything of the run. */
  ask(url: string): Promise<number>
}

/** How a run ended. */
type Ending = {
  readonly exit: number | null
  /** What was looked at and differed from what the recipe expects, sorted. */
  readonly differs: readonly string[]
  /** How many tokens and other things were made. */
  readonly made: number
  /** Those of them that are still there. */
  readonly left: readonly string[]
}

/**
 * Makes a shipped recipe fail, at its begin and at its end, by osrun and as a script: both must end alike and leave
 * nothing behind.
 */
export async function expectSameFailures(file: string, inspected: InspectedCloud): Promise<void> {
  await expectSameLateFailure(file, inspected)
  await expectSameEarlyFailure(file, inspected)
}

/** As `expectSameFailures`, at its end alone. */
export async function expectSameLateFailure(file: string, inspected: InspectedCloud): Promise<void> {
  const recipe = failingLate(file)
  const late = await runAsBoth(recipe, inspected)
  // The last step may be one for a service that the cloud does not have.
  if (recipe.steps.every(({ when, where }) => when === undefined && where === undefined))
    expect(late.exit).toBe(4)
}

/** As `expectSameFailures`, at its begin alone. */
export async function expectSameEarlyFailure(file: string, inspected: InspectedCloud): Promise<void> {
  const recipe = failingEarly(file)
  const early = await runAsBoth(recipe, inspected)
  // Of what is looked for there may be nothing.
  if (recipe.steps.every(({ where }) => where === undefined)) expect([4, 5]).toContain(early.exit)
}

async function runAsBoth(recipe: Recipe, inspected: InspectedCloud): Promise<Ending> {
  const { cloud, environment } = inspected
  const proxy = await startRecordingProxy()
  const proxied = { ...environment, http_proxy: proxy.url }
  const inspect = async (): Promise<Pick<Ending, 'made' | 'left'>> => {
    const { tokens, urls } = proxy.takeMade()
    const left: string[] = []
    for (const token of tokens) if (await inspected.isLive(token)) left.push('a token')
    for (const url of urls) if ((await inspected.ask(url)) < 400) left.push(url)
    return { made: tokens.length + urls.length, left }
  }
  const own = { ...(await runByOsrun(recipe, cloud, proxied)), ...(await inspect()) }
  const script = { ...(await runAsScript(recipe, cloud, proxied)), ...(await inspect()) }
  await proxy.close()
  // A script ends with the first round that does not pass, also where osrun keeps going.
  const keepsGoing = recipe.steps.some(({ keepGoing }) => keepGoing)
  expect(keepsGoing ? once(script) : script).toEqual(keepsGoing ? once(own) : own)
  expect(own.left).toEqual([])
  expect(own.made).toBeGreaterThan(0)
  return own
}

function once(ending: Ending): Ending {
  return { ...ending, differs: [...new Set(ending.differs)] }
}

type Verdict = Omit<Ending, 'made' | 'left'>
type Environment = InspectedCloud['environment']

async function runByOsrun(recipe: Recipe, cloud: Cloud, environment: Environment): Promise<Verdict> {
  const transport = createTransport({ tls: cloud.tls, environment })
  const { events, result } = await runToEnd(recipe, { cloud, environment, transport })
  await transport.close()
  const differs = events.flatMap((event) =>
    event.type === 'step:end' && event.result.status === 'failed'
      ? event.result.mismatches.map(({ subject }) => subject)
      : [],
  )
  return { exit: result.exit, differs: differs.sort() }
}

// Its differences have a line each after an assertion; that of a status stands behind the step's title.
async function runAsScript(recipe: Recipe, cloud: Cloud, environment: Environment): Promise<Verdict> {
  const { status, stderr } = await runScript(await exported(recipe, cloud), ['dash'], environment)
  const differs = [...stderr.matchAll(/^(?: {2}|.*: (?=status: ))(.*?): expected /gm)].map(
    ([, subject = '']) => subject,
  )
  return { exit: status, differs: differs.sort() }
}
