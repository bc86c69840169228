// Loaded when a file is read. A CommonJS package that is itself loaded so has no names in the program that is built.
export { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
