import { resolve } from 'node:path'
import { phrase } from '../../model/phrase.ts'
import { OsrunError, type Position } from '../../model/problem.ts'
import { isWithin } from '../../util/files/within.ts'
import type { Template, TemplateRead } from './template.ts'

/** Where a path of a recipe leads. */
export type FilePath = {
  /** Absolute. */
  readonly path: string
  /** The folder of the path's literal part, absolute; undefined where no value stands in the path. */
  readonly folder: string | undefined
}

/** What is known of a path besides its template. */
export type PathSetting = {
  /** The recipe's folder. */
  readonly directory: string
  readonly at: Position
  /** The text of a read that a path begins with, where that is a path which an input names; it counts as literal. */
  named(read: TemplateRead): string | undefined
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
  { directory, at, named }: PathSetting,
): FilePath {
  const path = resolve(directory, text)
  if (text.includes('\0'))
    throw new OsrunError(
      'VALUE_INVALID',
      phrase`The path ${JSON.stringify(text)} has a NUL character in it.`,
      {
        at,
      },
    )
  const [first, ...others] = parts
  const start = first?.kind === 'read' ? named(first) : undefined
  const rest = start === undefined ? parts : others
  if (!rest.some(({ kind }) => kind === 'read')) return { path, folder: undefined }
  const [next] = rest
  const literal = `${start ?? ''}${next?.kind === 'text' ? next.text : ''}`
  const written = literal.slice(0, literal.lastIndexOf('/') + 1)
  const folder = resolve(directory, written)
  const last = text.slice(written.length)
  if (last.startsWith('/') || last.split('/').includes('..') || !isWithin(path, [folder]))
    throw leadsOut(text, folder, at)
  return { path, folder }
}

/** A value that leads a path out of its folder. */
export function leadsOut(text: string, folder: string, at: Position): OsrunError {
  return new OsrunError(
    'VALUE_INVALID',
    phrase`A value in the path "${text}" leads out of the folder "${folder}".`,
    {
      at,
      hint: phrase`A value can name what is below that folder, without ".." and not through a link. Write the folder itself in the recipe, or let the caller name it: by an input with \`format: path\`.`,
    },
  )
}
