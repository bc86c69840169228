import { blocksOf } from './blocks.ts'

const typescriptOf = (file: string): readonly string[] =>
  blocksOf(file).flatMap(({ language, text }) => (language === 'ts' ? [text] : []))

/** The new step of CONTRIBUTING.md, which imports the sources of this folder. */
export const newStep = (typescriptOf('CONTRIBUTING.md')[0] ?? '').replaceAll("'../", `'${process.cwd()}/src/`)

/** The programs of docs/library.md. */
export const libraryExamples = typescriptOf('docs/library.md')
