import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment, Io } from '../../src/cli/io.ts'
import { main } from '../../src/cli/main.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import { type MemoryIo, memoryIo } from './memory-io.ts'

/** How a command ended. */
export type Ended = { readonly status: number; readonly stdout: string; readonly stderr: string }

/** A command under way. */
export type Started = Pick<MemoryIo, 'stdout' | 'stderr' | 'signal'> & { readonly ended: Promise<Ended> }

/**
 * Starts the command line in this process, in an empty home and without any variable but PATH and those given; a run that
 * shows a secret without having been told to is refused.
 */
export function startOsrun(
  args: readonly string[],
  environment: Environment = {},
  given: Partial<Io> = {},
): Started {
  const home = mkdtempSync(join(tmpdir(), 'osrun-home-'))
  const { PATH } = process.env
  const variables = { PATH, HOME: home, ...environment }
  const { io, stdout, stderr, signal } = memoryIo(variables, { home: variables.HOME, ...given })
  const run = async (): Promise<Ended> => {
    try {
      const status = await main(args, io)
      return { status, stdout: stdout.text(), stderr: stderr.text() }
    } finally {
      rmSync(home, { recursive: true, force: true })
      if (!args.includes('--reveal'))
        assertNoSecret(`${stdout.text()}\n${stderr.text()}`, `osrun ${args.join(' ')}`)
    }
  }
  return { stdout, stderr, signal, ended: run() }
}

/** Runs the command line to its end, as `startOsrun` does. */
export function runOsrun(
  args: readonly string[],
  environment: Environment = {},
  given: Partial<Io> = {},
): Promise<Ended> {
  return startOsrun(args, environment, given).ended
}
