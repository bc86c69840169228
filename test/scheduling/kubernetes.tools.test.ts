import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { run } from './ended.ts'
import { documents, specs } from './kubernetes-jobs.ts'
import { type Stage, setStage } from './stage.ts'

let sandbox: Sandbox
let stage: Stage
beforeAll(async () => {
  sandbox = await startSandbox()
  stage = setStage(sandbox.environment, '--list')
})
afterAll(async () => {
  stage[Symbol.dispose]()
  await sandbox.close()
})

// What no schema refuses, a key that is no key, the types do.
test('they have no key that Kubernetes does not know', () => {
  mkdirSync('node_modules/.cache', { recursive: true })
  const folder = mkdtempSync(`${process.cwd()}/node_modules/.cache/kubernetes-`)
  try {
    const write = (cron: string): void =>
      writeFileSync(
        `${folder}/jobs.ts`,
        `import type { ICronJob } from 'kubernetes-models/batch/v1/CronJob'
import type { IJob } from 'kubernetes-models/batch/v1/Job'
export const cronJob: ICronJob = ${cron}
export const job: IJob = ${JSON.stringify(documents[1])}
`,
      )
    writeFileSync(
      `${folder}/tsconfig.json`,
      JSON.stringify({
        extends: `${process.cwd()}/tsconfig.json`,
        compilerOptions: { incremental: false, noEmit: true },
        include: [`${folder}/jobs.ts`],
        exclude: [],
      }),
    )
    const check = (): string =>
      spawnSync('node_modules/.bin/tsc', ['-p', folder], { encoding: 'utf8' }).stdout
    write(JSON.stringify(documents[0]))
    expect(check()).toBe('')
    write(JSON.stringify(documents[0]).replace('"completionMode"', '"completionMod"'))
    expect(check()).toContain('completionMod')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

describe.each(specs)('the pods of the %s', (_kind, spec) => {
  const container = spec?.template.spec?.containers[0]
  const environment = (): Record<string, string> =>
    Object.fromEntries(
      (container?.env ?? []).map(({ name, value = '' }) => [
        name,
        value.startsWith('/etc/osrun') ? stage.at(value) : value,
      ]),
    )
  const podOf = (index: number): ReturnType<typeof run> => {
    const [shell = '', ...flags] = container?.command ?? []
    const PATH = `${stage.at('/usr/local/bin')}:${process.env.PATH}`
    return run(shell, [...flags, ...(container?.args ?? [])], {
      ...environment(),
      PATH,
      JOB_COMPLETION_INDEX: String(index),
    })
  }

  test('run each recipe once, all of them together', async () => {
    const completions = spec?.completions ?? 0
    const parts = await Promise.all(Array.from({ length: completions }, (_, index) => podOf(index)))
    const recipes = (output: string): readonly string[] => output.match(/^smoke\/\S+/gm) ?? []
    for (const { status, output } of parts) {
      expect(status).toBe(0)
      expect(recipes(output).length).toBeGreaterThan(2)
    }
    const readOnly = container?.args?.[0]?.includes('--read-only') === true ? ['--read-only'] : []
    const whole = await run(stage.at('/usr/local/bin/osrun'), ['smoke', ...readOnly], environment())
    const all = parts.flatMap(({ output }) => recipes(output))
    expect(all.toSorted()).toEqual([...recipes(whole.output)].sort())
  })

  test('end with an error where there is no such part', async () => {
    expect((await podOf(4)).output).toContain('USAGE_INVALID')
  })
})
