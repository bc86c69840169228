import { median, runCommand } from './processes.mjs'

const requests = 5000

/** HEAD and assert, many times in one process, to the same requests sent by bare undici; whole processes. */
export async function many({ environment }) {
  const figures = []
  for (const parallel of [1, 64]) {
    const rates = { undici: [], osrun: [] }
    for (let round = 0; round < 5; round += 1)
      for (const kind of ['undici', 'osrun']) {
        const { milliseconds } = runCommand(
          'node',
          ['bench/many-heads.mjs', kind, `${requests}`, `${parallel}`],
          environment,
        )
        rates[kind].push((requests / milliseconds) * 1000)
      }
    const [osrun, undici] = [median(rates.osrun), median(rates.undici)]
    const share = {
      what: `osrun / bare undici, ${parallel} at a time`,
      value: osrun / undici,
      unit: 'x',
      target: { atLeast: 0.6 },
    }
    figures.push({ what: `bare undici, ${parallel} at a time`, value: undici, unit: '/s' }, share)
  }
  return figures
}
