import type { SourceText } from '../conversation.ts'
import { importError, placeIn } from '../place.ts'

/** A shell of Windows whose spelling a text has, and where that is first seen. */
type ForeignShell = { readonly name: string; readonly offset: number }

const spellings: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['PowerShell', /\b(?:Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\s+[-"'$@]/i],
  // A backtick goes on in the next line, and stands before a quote in quotes.
  ['PowerShell', / `\r?\n\s*-/],
  ['PowerShell', /[{[,:] ?`"/],
  ['PowerShell', /\$env:\w/i],
  // A caret does both.
  ['cmd.exe', / \^"\S/],
  ['cmd.exe', / \^\r?\n/],
  ['cmd.exe', /^[ \t]*@?(?:echo off\b|set "?\w+=)/im],
  ['cmd.exe', /%(?![0-9A-F]{2})[A-Z_][A-Z0-9_]{2,}%/],
  ['Windows', /(?:^|[\s;&|(])curl\.exe\s/m],
]

function foreignShell(text: string): ForeignShell | undefined {
  // What a POSIX shell takes as it stands says nothing; an escaped quote begins none.
  const outside = text.replace(/\\'|'[^']*'/g, (found) =>
    found.startsWith("'") ? found.replace(/[^\n]/g, ' ') : found,
  )
  for (const [name, pattern] of spellings) {
    const offset = outside.search(pattern)
    if (offset >= 0) return { name, offset }
  }
  return undefined
}

/**
 * Refuses command lines that are spelled for a shell of Windows, which mean something else to a POSIX shell. Secrets in quotes that
 * nobody reads here cannot be starred, so the line is not shown.
 *
 * @throws OsrunError IMPORT_INVALID
 */
export function refuseForeign(given: SourceText): void {
  const foreign = foreignShell(given.text)
  if (foreign === undefined) return
  const { file, line, column } = placeIn(given, foreign.offset)
  throw importError(
    { file, line, column },
    `This is spelled for ${foreign.name}, which quotes in another way than a POSIX shell.`,
    'Copy it again for bash: browsers have "Copy as cURL (bash)" beside it.',
  )
}
