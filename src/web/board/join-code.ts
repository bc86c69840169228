import { randomInt } from 'node:crypto'
import { OsrunError } from '../../model/problem.ts'

/** Letters and digits that nobody takes for one another when they are read from a wall. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** Makes a code such as `K7QM-3RTX`: 40 random bits, against which a board limits wrong guesses. */
export function makeJoinCode(): string {
  const letters = Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)])
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`
}

/** Reads a board's address and code: `http://192.168.1.5:8080#K7QM-3RTX`; throws USAGE_INVALID. */
export function parseBoardAddress(text: string): { readonly url: string; readonly code: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const code = url?.hash.slice(1).toUpperCase() ?? ''
  if (url === undefined || !/^https?:$/.test(url.protocol) || !/^[A-Z2-9]{4}-?[A-Z2-9]{4}$/.test(code))
    throw new OsrunError(
      'USAGE_INVALID',
      `--board takes the address that the teacher's board shows, and got "${text}".`,
      {
        hint: "For example: --board 'http://192.168.1.5:8080#K7QM-3RTX'",
      },
    )
  return { url: url.origin, code: `${code.slice(0, 4)}-${code.slice(-4)}` }
}
