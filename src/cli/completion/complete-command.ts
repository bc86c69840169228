import { Command } from 'commander'
import type { Io } from '../io.ts'

/**
 * `osrun __complete -- WORDS...`: what the shells' completion asks. A line for each candidate, with a tab before
 * what it means; then `:any` or `:recipes` where the shell is to add names of files. It never fails.
 */
export function completeCommand(program: Command, io: Io): Command {
  return new Command('__complete').argument('[words...]').action(async (words: readonly string[]) => {
    try {
      const { complete } = await import('./complete.ts')
      const { candidates, files } = await complete(program, words, io)
      const lines = candidates.map(({ word, meaning }) => `${oneLine(word)}\t${oneLine(meaning)}`)
      if (files !== undefined) lines.push(`:${files}`)
      io.stdout.write(lines.map((line) => `${line}\n`).join(''))
    } catch {
      // A message would land in the middle of the line that somebody is writing.
    }
  })
}

// Names come from files: none may start another line, or move the cursor.
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim()
}
