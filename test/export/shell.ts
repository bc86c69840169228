import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export { exported } from './exported.ts'

/** How a script ended. */
export type ScriptEnd = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** The shells that an export is for. */
export const everyShell: readonly (readonly string[])[] = [['dash'], ['bash'], ['busybox', 'sh']]

/** Those that each script is run by: the strictest alone, and all of them with OSRUN_SHELLS=all. */
export const shells = everyShell.slice(0, process.env.OSRUN_SHELLS === 'all' ? undefined : 1)

/** Starts a script in a clean environment; `signal` sends one to the shell alone, as `kill` does. */
export function startScript(
  script: string,
  shell: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): { readonly ended: Promise<ScriptEnd>; readonly pid: number; signal(name: NodeJS.Signals): void } {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-export-'))
  const file = join(folder, 'script.sh')
  writeFileSync(file, script)
  const [program = 'sh', ...rest] = shell
  const child = spawn(program, [...rest, file], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', TMPDIR: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<ScriptEnd>((resolve) => {
    child.on('close', (status) => {
      rmSync(folder, { recursive: true })
      resolve({ status, stdout, stderr })
    })
  })
  return { ended, pid: child.pid ?? 0, signal: (name) => void child.kill(name) }
}

/** Runs a script to its end. */
export function runScript(...args: Parameters<typeof startScript>): Promise<ScriptEnd> {
  return startScript(...args).ended
}
