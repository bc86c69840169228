import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { connect } from '../../src/library/index.ts'
import { cloudOf, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { run } from './ended.ts'
import { workflow } from './github-workflow.ts'
import { examples, type Stage, setStage } from './stage.ts'

let sandbox: Sandbox
let stage: Stage
/** What the CI keeps: where the cloud is, and an application credential of it. */
let kept: Readonly<Record<string, string>>
beforeAll(async () => {
  sandbox = await startSandbox()
  stage = setStage(sandbox.environment)
  const session = connect({ cloud: await cloudOf(sandbox.environment) })
  const { user, identityUrl } = await session.token()
  const json = { application_credential: { name: 'ci' } }
  const { body } = await session.request('POST', `${identityUrl}/users/${user.id}/application_credentials`, {
    headers: [['Content-Type', 'application/json']],
    body: { kind: 'text', text: JSON.stringify(json) },
  })
  const { application_credential: made } = JSON.parse(new TextDecoder().decode(body)) as {
    readonly application_credential: { readonly id: string; readonly secret: string }
  }
  await session.close()
  kept = {
    OS_AUTH_URL: sandbox.authUrl,
    OS_REGION_NAME: 'RegionOne',
    OS_APPLICATION_CREDENTIAL_ID: made.id,
    OS_APPLICATION_CREDENTIAL_SECRET: made.secret,
  }
})
afterAll(async () => {
  stage[Symbol.dispose]()
  await sandbox.close()
})

/** Runs the lines of a job, all but `npm ci`, in the stage; osrun itself would be what that command installed. */
async function runLines(lines: readonly string[], environment: Readonly<Record<string, string>>) {
  const PATH = `${stage.at('/usr/local/bin')}:${process.env.PATH}`
  const script = lines.filter((line) => line !== 'npm ci').join('\n')
  return run(
    'bash',
    ['-e', '-o', 'pipefail', '-c', script],
    { ...environment, PATH, HOME: stage.folder },
    stage.folder,
  )
}

function expectReports(): void {
  for (const [file, text] of [
    ['smoke.xml', '<testsuites'],
    ['summary.md', '|'],
    ['smoke.html', '<!doctype html>'],
  ] as const) {
    const written = readFileSync(join(stage.folder, file), 'utf8')
    expect(written.toLowerCase()).toContain(text)
    assertNoSecret(written, file)
    expect(written).not.toContain(kept.OS_APPLICATION_CREDENTIAL_SECRET)
  }
}

describe('the workflow of GitHub Actions', () => {
  test('its steps pass, and leave reports and a summary', async () => {
    const { env, steps } = workflow.jobs.check
    const filled = (values: Readonly<Record<string, string>> = {}): Record<string, string> =>
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
          name,
          value.replace(/\$\{\{ (?:vars|secrets)\.(\w+) \}\}/, (_all, of: string) => kept[of] ?? ''),
        ]),
      )
    const summary = join(stage.folder, 'github-summary.md')
    for (const step of steps) {
      if (step.run === undefined) continue
      const environment = { ...filled(env), ...filled(step.env), GITHUB_STEP_SUMMARY: summary, CI: 'true' }
      expect(await runLines(step.run.split('\n'), environment)).toMatchObject({ status: 0 })
    }
    expectReports()
    expect(readFileSync(summary, 'utf8')).toBe(readFileSync(join(stage.folder, 'summary.md'), 'utf8'))
  })
})

describe('the job of GitLab CI', () => {
  const text = readFileSync(`${examples}/gitlab-ci.yaml`, 'utf8')
  const job = (
    parse(text) as Readonly<
      Record<
        string,
        { readonly script: readonly string[]; readonly variables: Readonly<Record<string, string>> }
      >
    >
  )['cloud-check']

  describe('as its schema reads it', () => {
    test('it is right, and what is wrong would be found', () => {
      const folder = mkdtempSync(join(tmpdir(), 'osrun-gitlab-'))
      const validate = (content: string): string => {
        writeFileSync(join(folder, '.gitlab-ci.yml'), content)
        const program = join(process.cwd(), 'node_modules/.bin/gitlab-ci-local')
        const { stdout, stderr } = spawnSync(program, ['--list-json'], { cwd: folder, encoding: 'utf8' })
        return stdout + stderr
      }
      const git = (...args: readonly string[]): unknown => spawnSync('git', ['-C', folder, ...args])
      try {
        git('init', '--quiet')
        git('-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '--allow-empty', '-m', 'a')
        git('remote', 'add', 'origin', 'git@gitlab.example.org:group/project.git')
        expect(validate(text)).toContain('json schema validated')
        expect(validate(text.replace('[6]', 'six'))).toContain("'exit_codes' property type must be integer")
        expect(validate(text.replace('resource_group', 'resource_grup'))).toContain('Invalid')
      } finally {
        rmSync(folder, { recursive: true })
      }
    })
  })

  test('its script passes, and leaves reports', async () => {
    const ended = await runLines(job?.script ?? [], { ...kept, ...job?.variables, CI: 'true' })
    expect(ended).toMatchObject({ status: 0 })
    expectReports()
  })
})
