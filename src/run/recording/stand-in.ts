/** What stands for the `number`th secret of a recording: a word that reads the same in JSON, URLs, headers and shells. */
export function standIn(number: number): string {
  return `recorded-secret-${String(number).padStart(6, '0')}`
}

const anyStandIn = /recorded-secret-\d{6}/

/**
 * Whether a text is one that was recorded. What stands for a secret matches any text: the secret of a replay is another one
 * where it is computed, as a signature is, and a password that is also a word was replaced wherever that word stood.
 */
export function isRecorded(recorded: string | undefined, asked: string | undefined): boolean {
  if (recorded === undefined || asked === undefined) return recorded === asked
  const [first = '', ...rest] = recorded.split(anyStandIn)
  const last = rest.pop()
  if (last === undefined) return recorded === asked
  if (!asked.startsWith(first) || !asked.endsWith(last)) return false
  let at = first.length
  for (const part of rest) {
    const found = asked.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at + last.length <= asked.length
}
