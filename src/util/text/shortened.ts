const longest = 500

/**
 * What somebody else said, as one line of 500 characters at most. Secrets have to be masked before: half a secret, or one whose
 * blanks have been changed, is not found any more.
 */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest)}…` : line
}
