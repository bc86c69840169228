import { spawn } from 'node:child_process'

/** How a process ended, and all that it printed. */
export type Ended = { readonly status: number | null; readonly output: string }

/** Runs a program to its end with this environment and nothing else; it cannot ask. */
export function run(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  folder?: string,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      env: { ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(folder !== undefined && { cwd: folder }),
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, output }))
  })
}
