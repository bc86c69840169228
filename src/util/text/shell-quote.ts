import { hasUnseen, unseenInLines } from './visible.ts'

/**
 * A word that a POSIX shell reads back as exactly this text: bare when safe, else in single quotes. It does not look like a
 * command of a CI that reads the log.
 * https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_02
 */
export function quoteShell(text: string): string {
  return /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/.test(text)
    ? text
    : `'${apart(text.replaceAll("'", "'\\''"), "''")}'`
}

/** As `quoteShell`, for what is written where people look: characters that are not seen are made by printf. */
export function quoteVisibly(text: string): string {
  if (!hasUnseen(text)) return quoteShell(text)
  let quoted = ''
  let from = 0
  for (const { index, 0: character } of text.matchAll(unseenInLines)) {
    quoted += `${escapeInDoubleQuotes(text.slice(from, index))}${printed(character)}`
    from = index + character.length
  }
  return `"${apart(quoted + escapeInDoubleQuotes(text.slice(from)), '""')}"`
}

/** Code for the inside of double quotes that makes a character which is not seen, or would be taken for another. */
export function printed(character: string): string {
  const bytes = [...new TextEncoder().encode(character)]
  return `$(printf '${bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}')`
}

/** Text for the inside of double quotes. */
export function escapeInDoubleQuotes(text: string): string {
  return text.replace(/[\\"$`]/g, '\\$&')
}

// Quotes that end and begin again say nothing to a shell.
function apart(quoted: string, quotes: string): string {
  return quoted.replace(/\n(?=[^\S\n]*::)/g, `\n${quotes}`).replace(/(##\w{0,40})(?=\[)/g, `$1${quotes}`)
}
