import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assertNoSecret } from '../secrets/canary.ts'

/** How a process ended. */
export type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** Starts the built command as a process, in an empty home and a clean environment; a run that shows a secret without having been told to is refused. */
export function startProcess(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const home = mkdtempSync(join(tmpdir(), 'osrun-home-'))
  const { PATH } = process.env
  const child = spawn(process.execPath, ['bin/osrun.cjs', ...args], {
    env: { PATH, HOME: home, ...environment },
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
      rmSync(home, { recursive: true, force: true })
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
