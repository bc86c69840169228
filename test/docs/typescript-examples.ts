import { blocksOf } from './blocks.ts'

const typescriptOf = (file: string): readonly string[] =>
  blocksOf(file).flatMap(({ language, text }) => (language === 'ts' ? [text] : []))

const [verb = '', explain = ''] = typescriptOf('CONTRIBUTING.md').map((text) =>
  text.replaceAll("'../../", `'${process.cwd()}/src/`),
)

/** The files of the new step of CONTRIBUTING.md, which import the sources of this folder. */
export const newStep = { 'verb.ts': verb, 'explain.ts': explain }

/** The programs of docs/library.md. */
export const libraryExamples = typescriptOf('docs/library.md')
