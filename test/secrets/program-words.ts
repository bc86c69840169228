import { readdirSync, readFileSync } from 'node:fs'
import { errorCodes, exitStatuses } from '../../src/model/error-codes.ts'
import { reportKinds } from '../../src/report/index.ts'
import { shortest } from '../../src/secrets/forms.ts'
import { verbs } from '../../src/steps/index.ts'

/** The keys of a value at any depth, and its short texts. */
export function wordsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.length <= 60 ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap(wordsIn)
  return Object.entries(value).flatMap(([key, child]) => [key, ...wordsIn(child)])
}

/** Every word that the program has in its registries and between quotes in its source. */
export function programWords(): readonly string[] {
  const folders = ['model', 'run', 'report', 'http', 'openstack', 'recipe', 'steps', 'secrets']
  const quoted = folders.flatMap((folder) =>
    readdirSync(`src/${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .flatMap((file) => [
        ...readFileSync(`src/${folder}/${file}`, 'utf8').matchAll(/(['"`])([\w:. -]{4,40})\1/g),
      ])
      .map(([, , word = '']) => word),
  )
  const registered = [
    ...Object.keys(errorCodes),
    ...Object.values(exitStatuses),
    ...reportKinds.map(({ kind }) => kind),
    ...verbs.map(({ verb }) => verb),
  ]
  return [...registered, ...quoted].filter((word) => /^\S[^;,]*\S$/.test(word) && word.length >= shortest)
}
