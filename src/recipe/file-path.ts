import { resolve } from 'node:path'
import { OsrunError, type Position } from '../model/problem.ts'
import { isWithin } from '../util/within.ts'
import type { Template } from './template.ts'

/** Where a path of a recipe leads. */
export type FilePath = {
  /** Absolute. */
  readonly path: string
  /** The folder of the path's literal part, absolute; undefined where no value stands in the path. */
  readonly folder: string | undefined
}

/**
 * The path that a rendered template names, from the recipe's folder. What a value puts there may be the choice of a server, so
 * it cannot leave the folder of the path's literal part.
 *
 * @throws OsrunError VALUE_INVALID
 */
export function filePathOf(
  { parts }: Template,
  text: string,
  { directory, at }: { readonly directory: string; readonly at: Position },
): FilePath {
  const path = resolve(directory, text)
  const hasValues = parts.some(({ kind }) => kind === 'read')
  const [first] = parts
  const literal = first?.kind === 'text' ? first.text : ''
  const written = literal.slice(0, literal.lastIndexOf('/') + 1)
  const folder = resolve(directory, written)
  if (text.includes('\0'))
    throw new OsrunError('VALUE_INVALID', `The path ${JSON.stringify(text)} has a NUL character in it.`, {
      at,
    })
  if (!hasValues) return { path, folder: undefined }
  const rest = text.slice(written.length)
  if (rest.startsWith('/') || rest.split('/').includes('..') || !isWithin(path, [folder]))
    throw leadsOut(text, folder, at)
  return { path, folder }
}

/** A value that leads a path out of its folder. */
export function leadsOut(text: string, folder: string, at: Position): OsrunError {
  return new OsrunError(
    'VALUE_INVALID',
    `A value in the path "${text}" leads out of the folder "${folder}".`,
    {
      at,
      hint: 'A value can name what is below that folder, without ".." and not through a link; the folder itself is written in the recipe.',
    },
  )
}
