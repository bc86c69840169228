// What somebody has to follow who reads what a command does: the functions that it enters, and the files where they stand.
// `node bench/walk.mjs [--list] [WORDS AFTER osrun]` runs the sources with a note at the beginning of each function, and prints
// the figures of the whole command and of each of its steps; with --list also the functions of the last request step.
// Functions without a name are read with the function around them, and not counted.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { parseSync, Visitor } from 'oxc-parser'

const root = join(import.meta.dirname, '..')
const words = process.argv.slice(2).filter((word) => word !== '--list')
const argv = words.length > 0 ? words : ['--sandbox', 'recipes/object-metadata.yaml']

/** All functions with a name, by the numbers of their notes. */
const functions = []
/** What was entered, in order: numbers of functions, and the events of steps. */
const trail = []
globalThis.osrunWalk = {
  enter: (number) => void trail.push(number),
  step: (type, verb) => {
    trail.push({ type, verb })
    return type
  },
}

const folder = join(root, 'node_modules', '.cache', 'osrun-walk')
const outfile = join(folder, 'walk.mjs')
mkdirSync(folder, { recursive: true })
await build({
  entryPoints: [join(root, 'src/cli/process.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
  plugins: [{ name: 'notes', setup: addNotes }],
})
// From the place of the bundle the package is found as from the sources.
const { runProcess } = await import(pathToFileURL(outfile).href)
process.exitCode = await runProcess(argv, process)
rmSync(folder, { recursive: true })
report()

function addNotes({ onLoad, onResolve }) {
  onResolve({ filter: /\?raw$/ }, ({ path }) => ({ path, namespace: 'raw' }))
  onLoad({ filter: /.*/, namespace: 'raw' }, () => ({ contents: '', loader: 'text' }))
  onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, ({ path }) => ({ contents: withNotes(path), loader: 'ts' }))
}

function withNotes(path) {
  const file = relative(join(root, 'src'), path)
  let text = readFileSync(path, 'utf8')
  const places = []
  const note = (node, name) => {
    if (!node?.body || name === undefined) return
    const number = functions.push({ file, name }) - 1
    const { body } = node
    if (body.type === 'BlockStatement')
      places.push([body.start + 1, `globalThis.osrunWalk.enter(${number});`])
    else places.push([body.start, `(globalThis.osrunWalk.enter(${number}),`], [body.end, ')'])
  }
  const isFunction = (node) => /^(ArrowFunction|Function)Expression$/.test(node?.type ?? '')
  new Visitor({
    FunctionDeclaration: (node) => note(node, node.id?.name ?? 'default'),
    VariableDeclarator: ({ id, init }) => isFunction(init) && note(init, id.name),
    Property: ({ key, value }) => isFunction(value) && note(value, nameOf(key)),
    MethodDefinition: ({ key, value }) => note(value, nameOf(key)),
    PropertyDefinition: ({ key, value }) => isFunction(value) && note(value, nameOf(key)),
  }).visit(parseSync(path, text).program)
  // At the same place what is inserted last comes first: the end of an inner function before that of the outer one.
  for (const [at, inserted] of places.sort(([a], [b]) => b - a))
    text = text.slice(0, at) + inserted + text.slice(at)
  return file === 'run/step/run-step.ts' ? withSteps(text) : text
}

function nameOf(key) {
  return key.name ?? String(key.value ?? 'computed')
}

function withSteps(text) {
  const events = text.replace(
    /type: '(step:(?:start|end))'/g,
    "type: globalThis.osrunWalk.step('$1', step.verb)",
  )
  if (events === text) throw new Error('run/step/run-step.ts tells no step any more.')
  return events
}

function report() {
  const entered = trail.filter((entry) => typeof entry === 'number')
  const [sandbox, own] = [true, false].map((isSandbox) =>
    entered.filter((number) => functions[number].file.startsWith('sandbox/') === isSandbox),
  )
  console.log(`\nosrun ${argv.join(' ')}`)
  console.log(`  ${figures(own)}; of the sandbox ${figures(sandbox)}`)
  console.log(`  ${changes(own)} changes of file`)
  let last
  for (const { verb, numbers } of steps()) {
    if (verb === 'request') last = numbers
    console.log(`  step ${verb.padEnd(14)} ${figures(numbers)}`)
  }
  if (!process.argv.includes('--list') || last === undefined) return
  const names = new Map()
  for (const { file, name } of new Set(last.map((number) => functions[number])))
    names.set(file, [...(names.get(file) ?? []), name])
  for (const [file, list] of [...names].sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`    ${file}: ${list.join(' ')}`)
}

/** What each step enters. Whoever is told of it is no part of it: reports, and the command around it. */
function* steps() {
  let numbers
  for (const entry of trail) {
    if (typeof entry === 'number') {
      if (!/^(sandbox|report|cli)\//.test(functions[entry].file)) numbers?.push(entry)
    } else if (entry.type === 'step:start') numbers = []
    else {
      yield { verb: entry.verb, numbers }
      numbers = undefined
    }
  }
}

function figures(numbers) {
  const distinct = new Set(numbers)
  const files = new Set([...distinct].map((number) => functions[number].file))
  return `${distinct.size} functions in ${files.size} files`
}

function changes(numbers) {
  return numbers.filter((number, index) => functions[number].file !== functions[numbers[index - 1]]?.file)
    .length
}
