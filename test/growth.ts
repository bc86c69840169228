import { expect } from 'vitest'

/** Below this, what was measured is the noise of the machine: milliseconds. */
const leastCost = 20

/**
 * Expects the work for four times the size to cost about four times as much, as work in one pass does; what looks again
 * at each place costs sixteen times as much. Counts the time of the processor, since the machine may be busy.
 *
 * @param work does the work for a size; what it returns is waited for.
 * @param size the smaller size of the two.
 */
export async function expectLinear(work: (size: number) => unknown, size: number): Promise<void> {
  const smaller = Math.max(await cost(work, size), leastCost)
  expect((await cost(work, 4 * size)) / smaller).toBeLessThan(10)
}

async function cost(work: (size: number) => unknown, size: number): Promise<number> {
  const before = process.cpuUsage()
  await work(size)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
