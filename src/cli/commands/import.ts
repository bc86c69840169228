import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Command } from 'commander'
import type { Note, SourceText } from '../../import/conversation.ts'
import type { KnownCloud } from '../../import/meaning/known-cloud.ts'
import { OsrunError, toProblem } from '../../model/problem.ts'
import { parseRecipe } from '../../recipe/parse.ts'
import { verbs } from '../../steps/index.ts'
import { fileTrouble } from '../../util/files/file-trouble.ts'
import { writeDraft } from '../files/draft-file.ts'
import { readInput } from '../files/read-input.ts'
import { openCloud } from '../flags/cloud-flags.ts'
import type { CommandContext, Io } from '../io.ts'
import { addSessionFlags, openSession, type SessionFlags } from '../open/session.ts'

type ImportFlags = SessionFlags & {
  readonly output?: string
  readonly from?: string
  readonly offline?: boolean
  readonly force?: boolean
  readonly quiet?: boolean
}

/** `osrun import`: a recorded conversation becomes a recipe. */
export function importCommand({ io, setStatus }: CommandContext): Command {
  const command = new Command('import')
    .description('make a recipe of curl commands, openstack --debug output or a HAR file')
    .argument('[file]', 'what to import; standard input when absent or -')
    .option('-o, --output <recipe>', 'write the recipe to this file; standard output unless given')
    .option('--from <kind>', 'curl, debug or har; found out unless given')
    .option('--offline', 'ask no cloud: guess services by the form of their URLs')
    .option('--force', 'overwrite the recipe')
    .option('-q, --quiet', 'print no notes')
  return addSessionFlags(command).action(async (file: string | undefined, flags: ImportFlags) => {
    await importFile(file ?? '-', flags, io)
    setStatus(0)
  })
}

async function importFile(file: string, flags: ImportFlags, io: Io): Promise<void> {
  const { importRecipe } = await import('../../import/import-recipe.ts')
  const { sources } = await import('../../import/sources.ts')
  const kinds = sources.map(({ name }) => name)
  if (flags.from !== undefined && !kinds.includes(flags.from))
    throw new OsrunError('USAGE_INVALID', `--from takes ${kinds.join(', ')}, and got "${flags.from}".`)
  const source = await readSource(file, io)
  // What cannot be understood is said before a cloud is asked.
  const guessed = importRecipe(source, { from: flags.from })
  const known = flags.offline === true ? undefined : await askCloud(flags, io)
  const { text, notes } = known === undefined ? guessed : importRecipe(source, { from: flags.from, known })
  check(text, file, io)
  if (flags.output === undefined || flags.output === '-') io.stdout.write(text)
  else await writeDraft(flags.output, text, { mayOverwrite: flags.force === true, cwd: io.cwd })
  if (flags.quiet !== true) for (const note of notes) io.stderr.write(`note: ${sentence(note)}\n`)
}

async function readSource(file: string, { stdin, cwd }: Io): Promise<SourceText> {
  const { longestSource } = await import('../../import/sources.ts')
  const { sourceText } = await import('../../import/source-text.ts')
  let bytes: Buffer
  try {
    if (file !== '-' && (await stat(resolve(cwd, file))).size > longestSource)
      throw tooLong(file, longestSource)
    bytes =
      file === '-'
        ? await readInput(stdin, longestSource, () => tooLong(file, longestSource))
        : await readFile(resolve(cwd, file))
  } catch (cause) {
    if (cause instanceof OsrunError) throw cause
    throw new OsrunError('FILE_UNREADABLE', `"${file}" cannot be read: ${fileTrouble(cause)}.`, { cause })
  }
  return sourceText(file, bytes)
}

function tooLong(file: string, most: number): OsrunError {
  return new OsrunError('IMPORT_INVALID', `"${file}" is longer than ${most / 1024 / 1024} MiB.`, {
    hint: 'Save the requests that matter alone; answers with pictures and pages make a HAR file large.',
  })
}

/** Asks the cloud that is configured for its catalog; its token is revoked again. Nothing when none is. */
async function askCloud(flags: SessionFlags, io: Io): Promise<KnownCloud | undefined> {
  let opened: Awaited<ReturnType<typeof openCloud>>
  try {
    opened = await openCloud(flags, io)
  } catch (error) {
    if (error instanceof OsrunError && error.code === 'CLOUD_MISSING') return undefined
    throw error
  }
  await using cloud = opened
  if (cloud.cloud.credentials.kind !== 'keystone') return undefined
  await using session = openSession(cloud, flags, io)
  return { cloud: cloud.cloud, token: await session.token() }
}

// The promise is that `osrun check` passes; a draft that breaks it must not look like a recipe.
function check(text: string, file: string, { cwd }: Io): void {
  try {
    parseRecipe(text, { file: 'recipe.yaml', directory: cwd, verbs })
  } catch (cause) {
    throw new OsrunError(
      'INTERNAL',
      `The recipe made of "${file}" does not pass its check: ${toProblem(cause).message}`,
      {
        cause,
      },
    )
  }
}

function sentence({ message, at }: Note): string {
  return at === undefined ? message : `${at.file}:${at.line}:${at.column} ${message}`
}
