import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const file = join(process.cwd(), 'bin/node-version.cjs')
const { engines } = createRequire(file)('../package.json') as { readonly engines: { readonly node: string } }

/** What `bin/node-version.cjs` exports on a version of Node. */
function problemOn(node: string): unknown {
  const module = { exports: undefined }
  const load = new Function('require', 'module', 'process', '__dirname', readFileSync(file, 'utf8'))
  load(createRequire(file), module, { versions: { node } }, dirname(file))
  return module.exports
}

test.each(['20.19.0', '20.19.6', '20.20.2', '22.0.0', '24.22.3', '100.0.0'])(
  'Node %s is new enough',
  (node) => expect(problemOn(node)).toBeUndefined(),
)

test.each(['8.17.0', '12.22.12', '18.20.8', '20.9.0', '20.18.3'])(
  'Node %s is told in one sentence which is needed, and three ways to get it',
  (node) => {
    const sentence = String(problemOn(node))
    expect(sentence).toMatch(
      /^osrun needs Node 20\.19\.0 or newer, and this is Node \S+: get one by .*, by .*, or from \S+\.$/,
    )
    expect(sentence).toContain(`this is Node ${node}: `)
  },
)

test('the documents name the version that package.json does', () => {
  const version = engines.node.replace(/^>=(\d+\.\d+)\.0$/, '$1')
  expect(readFileSync('README.md', 'utf8')).toContain(`Node ${version} or newer`)
  expect(readFileSync('docs/decisions/004-node-20-and-undici-by-file.md', 'utf8')).toContain(
    `\`engines\` says ${version}`,
  )
})
