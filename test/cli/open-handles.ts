import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Environment } from '../../src/cli/io.ts'
import { startOsrun } from './osrun.ts'

/** What keeps this process alive, by its kind. */
export const openHandles = (): readonly string[] =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => !/^(Immediate|TTYWrap|PipeWrap|MessagePort|FSReqPromise|CloseReq)$/.test(kind))

/** What of it was not there before, a moment after all is closed. */
export async function openSince(before: readonly string[]): Promise<readonly string[]> {
  for (let time = 0; ; time++) {
    const left = [...before]
    const more = openHandles().filter((kind) => {
      const at = left.indexOf(kind)
      if (at >= 0) left.splice(at, 1)
      return at < 0
    })
    if (more.length === 0 || time === 50) return more
    await setTimeout(10)
  }
}

/** Starts what serves until a signal comes, sends it one, and expects that it leaves nothing open. */
export async function expectClosed(
  args: readonly string[],
  environment: Environment,
  cwd: string,
): Promise<void> {
  const before = openHandles()
  const { stdout, stderr, signal, ended } = startOsrun(args, environment, { cwd })
  await expect.poll(() => stdout.text() + stderr.text(), { timeout: 10_000 }).toMatch(/Ctrl\+C|--board/)
  signal('SIGINT')
  expect((await ended).status).toBe(0)
  expect(await openSince(before)).toEqual([])
}
