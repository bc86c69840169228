#!/usr/bin/env node
'use strict'

// First of all: on an old Node a run would begin, and die before it has cleaned up. Node 12 must read this file too.
const problem = require('./node-version.cjs')
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`)
  process.exit(1)
}

// Starts the program out of V8's code cache, which saves most of the time that reading it takes.
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { join } = require('node:path')
const { setFlagsFromString } = require('node:v8')
const { Script, constants } = require('node:vm')

// V8 optimises undici's parser after a handful of answers, and Node waits for that before it exits: 70 ms, more
// than the whole of a short run. With this budget only a run of thousands of requests pays for it, and gains.
setFlagsFromString('--wasm-tiering-budget=50000000')

// V8 would rather let the heap grow fourfold than collect what a thousand runs have left: with this it holds half as
// much, in the same time.
setFlagsFromString('--heap-growing-percent=30')

const argv = process.argv.slice(2)
const file = join(__dirname, '..', 'dist', 'cli.cjs')

// V8 reads a cache as a whole: what only says how osrun is used, or checks recipes, has one without what sends requests.
const isHelp = argv.some((word) => word === '--help' || word === '-h')
const use = isHelp || argv[0] === '__complete' ? 'help' : argv[0] === 'check' ? 'check' : 'run'
const cacheFile = join(__dirname, '..', 'dist', `cli.${use}.${process.version}-${process.arch}.cache`)

// Modules of Node that few commands need, each of which takes a millisecond: they are loaded when something of them is used.
const seldom = new Set(
  'child_process crypto dns fs/promises http readline readline/promises timers/promises'
    .split(' ')
    .map((name) => `node:${name}`),
)

function requireLate(name) {
  if (!seldom.has(name)) return requireNow(name)
  return new Proxy(
    {},
    {
      get: (_target, key) => requireNow(name)[key],
      ownKeys: () => Reflect.ownKeys(requireNow(name)),
      getOwnPropertyDescriptor: (_target, key) => ({
        ...Object.getOwnPropertyDescriptor(requireNow(name), key),
        configurable: true,
      }),
    },
  )
}
const requireNow = createRequire(file)

function load() {
  // The build keeps it in ASCII, a byte for each character, and in a function, so that nothing of it has to be copied.
  const source = readFileSync(file, 'latin1')
  const cachedData = existsSync(cacheFile) ? readFileSync(cacheFile) : undefined
  const script = new Script(source, {
    filename: file,
    cachedData,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const { runProcess } = script.runInThisContext()(requireLate, file)
  return {
    runProcess,
    script,
    isCached: cachedData !== undefined && script.cachedDataRejected !== true,
  }
}

// Written once for each version of Node, after a run, so that what runs compiled lazily is in it.
function keep(script) {
  try {
    const draft = `${cacheFile}.${process.pid}`
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(draft, script.createCachedData())
    renameSync(draft, cacheFile)
  } catch {
    // A package that its user cannot write to starts without the cache, a little slower.
  }
}

// Not worth reading the program for.
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.on('error', ({ code, message }) => {
    if (code === 'EPIPE') return
    process.exitCode = 1
    process.stderr
      .on('error', () => {})
      .write(`OUTPUT_LOST Standard output could not be written: ${message}.\n`)
  })
  process.stdout.write(`${require('../package.json').version}\n`)
} else if (existsSync(file)) {
  const { runProcess, script, isCached } = load()
  runProcess(argv, process).then((status) => {
    process.exitCode = status
    if (!isCached && (isHelp || argv.some((word) => word.endsWith('.yaml')))) keep(script)
  })
} else {
  process.stderr.write('osrun is not built yet: run `npm ci` in its folder.\n')
  process.exitCode = 1
}
