// The one command that must pass before a commit: `npm run check`. With --no-tests, all of it but the tests.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const checks = {
  'format and lint, layers': [['biome', 'ci', '--error-on-warnings']],
  types: [
    ['tsc', '-p', '.'],
    ['tsc', '-p', 'src/report/html'],
    ['tsc', '-p', 'src/web/page'],
  ],
  'dead code': [['knip']],
  'tests with coverage': [
    ['vitest', 'run', '--update=none', '--project', 'node', '--project', 'process', '--coverage'],
  ],
}

if (process.argv.includes('--no-tests')) delete checks['tests with coverage']

const failed = []
// Before the tests, which build.
const before = readFileSync('recipe.schema.json', 'utf8')
for (const [name, commands] of Object.entries(checks)) {
  console.log(`== ${name}`)
  const passes = (command) => spawnSync('npx', ['--no', '--', ...command], { stdio: 'inherit' }).status === 0
  if (!commands.every(passes)) failed.push(name)
}

console.log('== generated files are fresh')
const build = spawnSync(process.execPath, ['build/build.mjs'], { stdio: 'inherit' })
if (build.status !== 0 || readFileSync('recipe.schema.json', 'utf8') !== before)
  failed.push('generated files are fresh')

const count = Object.keys(checks).length + 1
for (const name of failed) console.log(`failed: ${name}`)
console.log(`${count - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length === 0 ? 0 : 1
