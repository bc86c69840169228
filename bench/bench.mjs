// What osrun costs, as ratios to what does the same work without it, measured side by side in one run.
// `npm run bench [NAME...]` runs the parts whose names are given, or all.
import { catalog } from './catalog.mjs'
import { guide } from './guide.mjs'
import { long } from './long.mjs'
import { many } from './many.mjs'
import { memory } from './memory.mjs'
import { startServer } from './processes.mjs'
import { sandbox } from './sandbox.mjs'
import { size } from './size.mjs'
import { start } from './start.mjs'
import { suite } from './suite.mjs'

const parts = { start, guide, many, memory, long, size, catalog, suite, sandbox }
const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !(name in parts))
if (unknown !== undefined) {
  console.error(`There is no part "${unknown}": ${Object.keys(parts).join(', ')}.`)
  process.exit(1)
}

const server = await startServer()
let missed = 0
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    console.log(`\n${name}`)
    for (const { what, value, unit, target } of await measure(server)) {
      const met =
        target === undefined ||
        (target.atMost !== undefined ? value <= target.atMost : value >= target.atLeast)
      if (!met) missed += 1
      const bound =
        target === undefined
          ? ''
          : `  target ${target.atMost !== undefined ? `<= ${target.atMost}` : `>= ${target.atLeast}`}`
      console.log(
        `  ${what.padEnd(64)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(6)}${bound}${met ? '' : '  MISSED'}`,
      )
    }
  }
} finally {
  server.stop()
}
process.exitCode = missed === 0 ? 0 : 1
