import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { assertNoSecret } from '../secrets/canary.ts'

/** How a command ended. */
export type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** Where the commands of a test file keep what outlives them. */
const stateHome = mkdtempSync(join(tmpdir(), 'osrun-state-'))
afterAll(() => rmSync(stateHome, { recursive: true, force: true }))

/** Starts the built command in a clean environment; a run that shows a secret without having been told to is refused. */
export function startOsrun(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const { PATH } = process.env
  const child = spawn(process.execPath, ['bin/osrun.cjs', ...args], {
    env: { PATH, HOME: '/nonexistent', XDG_STATE_HOME: stateHome, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => {
      try {
        if (!args.includes('--reveal')) assertNoSecret(`${stdout}\n${stderr}`, `osrun ${args.join(' ')}`)
      } catch (error) {
        reject(error)
      }
      resolve({ status, stdout, stderr })
    })
  })
  return { child, ended }
}

/** Runs the built command to its end. */
export function runOsrun(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Ended> {
  return startOsrun(args, environment).ended
}
