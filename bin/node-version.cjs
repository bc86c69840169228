'use strict'

// Exports the sentence for a Node that is too old, or undefined. As a program (`npm test` begins with it) it says the
// sentence. Written so that Node 12 reads it, without `?.`.
// biome-ignore lint/style/useNodejsImportProtocol: Node 12 does not know it.
const { readFileSync } = require('fs')

// `require` would take three times as long for it.
const { engines } = JSON.parse(readFileSync(`${__dirname}/../package.json`, 'utf8'))
const needed = engines.node.replace('>=', '')
const [major, minor, patch] = needed.split('.').map(Number)
const [hasMajor, hasMinor, hasPatch] = process.versions.node.split('.').map(Number)
const isTooOld = (hasMajor - major || hasMinor - minor || hasPatch - patch) < 0

module.exports = isTooOld
  ? `osrun needs Node ${needed} or newer, and this is Node ${process.versions.node}: get one by \`nvm install --lts\`, by \`npm install --global n && n lts\`, or from https://nodejs.org/en/download.`
  : undefined

if (isTooOld && require.main === module) {
  process.stderr.write(`${module.exports}\n`)
  process.exitCode = 1
}
