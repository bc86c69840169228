import { readFileSync } from 'node:fs'
import { formsOfSecret } from '../run/secret-forms.ts'

const seed = readFileSync('src/sandbox/keystone/seed.ts', 'utf8')

/** The passwords that people of the sandbox have, apart from how its code spells them. */
export const passwords: readonly string[] = [
  ...new Set([...seed.matchAll(/'([a-z]+-password)'/g)].map(([, password]) => password ?? '')),
  'p\'a$s "w\\ord',
]

// A Fernet token that is not followed by more of a word.
const token = /gAAAA[A-Za-z0-9_-]{30,}/

/** Throws when an output holds a password of the sandbox in any spelling, or a token. */
export function assertNoSecret(output: string, where: string): void {
  for (const password of passwords)
    for (const form of formsOfSecret(password))
      if (output.includes(form)) throw new Error(`${where} shows the password ${password} as ${form}`)
  const [found] = token.exec(output) ?? []
  if (found !== undefined) throw new Error(`${where} shows a token`)
}
