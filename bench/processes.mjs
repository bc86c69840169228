import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The folder of the project. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Starts the servers that are asked, in a process of their own, so that their work is not counted as osrun's. */
export async function startServer() {
  const child = spawn(process.execPath, ['bench/server.mjs'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return { ...JSON.parse(line), stop: () => child.kill() }
}

/** Runs a command and fails loudly when it fails: the time of a failure is no figure. */
export function runCommand(command, args, environment = {}) {
  const { PATH } = process.env
  const began = performance.now()
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    env: { PATH, HOME: '/nonexistent', ...environment },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`)
  return { milliseconds: performance.now() - began, stdout }
}

/** Median milliseconds of each command; they take turns, so that a busy moment of the machine hits all. */
export function compare(commands, rounds) {
  const times = commands.map(() => [])
  for (let round = 0; round <= rounds; round += 1)
    for (const [index, [command, args, environment]] of commands.entries()) {
      const { milliseconds } = runCommand(command, args, environment)
      // The first round fills caches.
      if (round > 0) times[index].push(milliseconds)
    }
  return times.map(median)
}

/** The middle of some numbers. */
export function median(numbers) {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)]
}
