import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { stringify } from 'yaml'
import { OsrunError } from '../../model/problem.ts'
import { writeWhole } from '../../util/files/file-draft.ts'
import { fileTrouble } from '../../util/files/file-trouble.ts'
import { quoteShell } from '../../util/text/shell-quote.ts'
import type { Io } from '../io.ts'

/** Variables by their names. */
type Variables = Readonly<Record<string, string>>

const mark = '# Written by osrun sandbox: it is good as long as that sandbox runs.\n'

/** Shell commands that take away what is set of OpenStack, and set what is given. */
export function exportsOf(variables: Variables): string {
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoteShell(value)}\n`)
  return `for name in $(env | sed -n 's/^\\(OS_[A-Z0-9_]*\\)=.*/\\1/p'); do unset "$name"; done\n${lines.join('')}`
}

/** An openrc for the sandbox. */
export function openrcOf(variables: Variables): string {
  return mark + exportsOf(variables)
}

/** A clouds.yaml for the sandbox, whose entry is `sandbox`. */
export function cloudsYamlOf(variables: Variables): string {
  const settings = Object.entries(variables).flatMap(
    ([name, value]): readonly (readonly [string, string])[] => {
      const [, option] = /^OS_(.+)$/.exec(name) ?? []
      return option === undefined ? [] : [[option.toLowerCase(), value]]
    },
  )
  const isOfCloud = (name: string): boolean =>
    /^(region_name|interface|identity_api_version|cacert)$/.test(name)
  const cloud = {
    auth: Object.fromEntries(settings.filter(([name]) => !isOfCloud(name))),
    ...Object.fromEntries(settings.filter(([name]) => isOfCloud(name))),
  }
  return `${mark}${stringify({ clouds: { sandbox: cloud } }, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })}`
}

/** Writes one of the two for its owner alone; a file that somebody else wrote is left, and told of. */
export async function writeSandboxFile(path: string, text: string, { cwd }: Pick<Io, 'cwd'>): Promise<void> {
  const file = resolve(cwd, path)
  const before = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw unwritable(path, fileTrouble(cause), cause)
  })
  if (before !== undefined && before !== '' && !before.startsWith(mark))
    throw unwritable(path, 'it is there, and not from a sandbox')
  try {
    await writeWhole(file, text, 0o600)
  } catch (cause) {
    throw unwritable(path, fileTrouble(cause), cause)
  }
}

function unwritable(path: string, why: string, cause?: unknown): OsrunError {
  return new OsrunError('FILE_UNWRITABLE', `The file "${path}" cannot be written: ${why}.`, {
    hint: 'Name a file that is not there yet, in a folder that is.',
    ...(cause !== undefined && { cause }),
  })
}
