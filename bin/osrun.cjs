#!/usr/bin/env node
'use strict'

// Starts the program out of V8's code cache, which saves most of the time that reading it takes.
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { join } = require('node:path')
const { Script } = require('node:vm')

const file = join(__dirname, '..', 'dist', 'cli.cjs')
const cacheFile = join(__dirname, '..', 'dist', `cli.${process.version}-${process.arch}.cache`)

function load() {
  const source = readFileSync(file, 'utf8')
  const cachedData = existsSync(cacheFile) ? readFileSync(cacheFile) : undefined
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    cachedData,
    importModuleDynamically: require('node:vm').constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(file), module, file, join(file, '..'))
  return {
    main: module.exports.main,
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

if (existsSync(file)) {
  const { main, script, isCached } = load()
  const argv = process.argv.slice(2)
  main(argv).then((status) => {
    process.exitCode = status
    if (!isCached && argv.length > 1) keep(script)
  })
} else {
  process.stderr.write('osrun is not built yet: run `npm ci` in its folder.\n')
  process.exitCode = 1
}
