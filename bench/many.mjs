import { median, runCommand } from './processes.mjs'

const requests = 5000

const kinds = ['undici', 'undici-closing', 'osrun']

/**
 * HEAD and assert, many times in one process, to the same requests sent by bare undici; whole processes. The baseline
 * keeps its connections, as osrun does; what undici does unasked, closing them after each HEAD, is shown beside it.
 */
export async function many({ environment }) {
  const figures = []
  for (const parallel of [1, 64]) {
    const rates = Object.fromEntries(kinds.map((kind) => [kind, []]))
    for (let round = 0; round < 5; round += 1)
      for (const kind of kinds) {
        const { milliseconds } = runCommand(
          'node',
          ['bench/many-heads.mjs', kind, `${requests}`, `${parallel}`],
          environment,
        )
        rates[kind].push((requests / milliseconds) * 1000)
      }
    const [keeping, closing, osrun] = kinds.map((kind) => median(rates[kind]))
    const at = `${parallel} at a time`
    figures.push(
      { what: `bare undici, ${at}`, value: keeping, unit: '/s' },
      { what: `bare undici that closes after each HEAD, ${at}`, value: closing, unit: '/s' },
      { what: `osrun / bare undici, ${at}`, value: osrun / keeping, unit: 'x', target: { atLeast: 0.5 } },
      { what: `osrun / bare undici that closes, ${at}`, value: osrun / closing, unit: 'x' },
    )
  }
  return figures
}
