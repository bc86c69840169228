// The library's first import, which throws on a Node that is too old. Node 18 would take an error of the .cjs file itself
// for one that nobody catches.
import problem from './node-version.cjs'

if (problem !== undefined) throw new Error(problem)
