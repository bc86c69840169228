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

const file = join(__dirname, '..', 'dist', 'cli.cjs')
const cacheFile = join(__dirname, '..', 'dist', `cli.${process.version}-${process.arch}.cache`)

function load() {
  const source = readFileSync(file, 'utf8')
  const cachedData = existsSync(cacheFile) ? readFileSync(cacheFile) : undefined
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    cachedData,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(file), module, file, join(file, '..'))
  return {
    runProcess: module.exports.runProcess,
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

const argv = process.argv.slice(2)
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
    if (!isCached && argv[0] !== '__complete' && argv.some((word) => word.endsWith('.yaml'))) keep(script)
  })
} else {
  process.stderr.write('osrun is not built yet: run `npm ci` in its folder.\n')
  process.exitCode = 1
}
