import { type ChildProcess, spawn } from 'node:child_process'

/** How a command ended. */
export type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** Everything that any run printed, for those who look for secrets. */
export const printed: string[] = []

/** Starts the built command in a clean environment. */
export function startOsrun(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const { PATH } = process.env
  const child = spawn(process.execPath, ['bin/osrun.cjs', ...args], {
    env: { PATH, HOME: '/nonexistent', ...environment },
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
      printed.push(stdout, stderr)
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
