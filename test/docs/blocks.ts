import { readFileSync } from 'node:fs'

/** A fenced block of a Markdown file. */
export type Block = {
  readonly file: string
  readonly line: number
  readonly language: string
  readonly text: string
}

/** The fenced blocks of some Markdown files. */
export function blocksOf(...files: readonly string[]): readonly Block[] {
  return files.flatMap((file) => {
    const markdown = readFileSync(file, 'utf8')
    return [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((found) => ({
      file,
      line: markdown.slice(0, found.index).split('\n').length,
      language: found[1] ?? '',
      text: found[2] ?? '',
    }))
  })
}
