// picture.mjs FILE: whether a file ends with the picture of the README, but for what differs from run to run.
import { readFileSync } from 'node:fs'
import { buildSync } from 'esbuild'

const options = { entryPoints: ['test/report/constant.ts'], format: 'esm', write: false }
const [{ text }] = buildSync(options).outputFiles
const { constant } = await import(`data:text/javascript,${encodeURIComponent(text)}`)
const [, picture] = /^<!-- output: .*\n```text\n([^]*?)^```$/m.exec(readFileSync('README.md', 'utf8'))

if (!constant(readFileSync(process.argv[2], 'utf8')).endsWith(constant(picture))) {
  console.error('This is not the picture of the README.')
  process.exitCode = 1
}
