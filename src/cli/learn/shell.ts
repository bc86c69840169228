import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { quoteShell } from '../../util/text/shell-quote.ts'
import type { Environment, Io } from '../io.ts'
import { spawnOn } from '../terminal/spawn-on.ts'

/** A shell to be started, and what it is started with. */
export type ShellStart = {
  /** The path of a shell; `/bin/sh` when empty. */
  readonly shell: string
  /** The caller's own environment. */
  readonly environment: Environment
  /** What it has besides. */
  readonly variables: Readonly<Record<string, string>>
}

/**
 * Gives somebody at the terminal a shell that has the variables and keeps no history, also where its own start files turn
 * one on; resolves when it has ended. Secrets are in its environment alone: in no argument and in no file.
 */
export async function openShell({ shell, environment, variables }: ShellStart, io: Io): Promise<void> {
  const path = shell === '' ? '/bin/sh' : shell
  const folder = await mkdtemp(join(io.temporary, 'osrun-shell-'))
  try {
    const { args, own } = await startOf(basename(path), folder, environment)
    const env = { ...environment, ...variables, HISTFILE: '/dev/null', SAVEHIST: '0', ...own }
    await new Promise<void>((resolve, reject) => {
      spawnOn(io, [path, ...args], env)
        .on('error', reject)
        .on('close', () => resolve())
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Start = { readonly args: readonly string[]; readonly own: Readonly<Record<string, string>> }

// Each reads the files that its user is used to, then turns its history off.
// https://www.gnu.org/software/bash/manual/html_node/Bash-Startup-Files.html
// https://zsh.sourceforge.io/Doc/Release/Files.html
async function startOf(name: string, folder: string, environment: ShellStart['environment']): Promise<Start> {
  if (name === 'bash') {
    const file = join(folder, 'bashrc')
    await writeFile(file, `[ -f ~/.bashrc ] && . ~/.bashrc\nunset HISTFILE\nPS1="(osrun) $PS1"\n`)
    return { args: ['--rcfile', file, '-i'], own: {} }
  }
  if (name === 'zsh') {
    const home = environment.ZDOTDIR === undefined ? '"$HOME"' : quoteShell(environment.ZDOTDIR)
    const read = (file: string): string => `[ -f "$ZDOTDIR/${file}" ] && . "$ZDOTDIR/${file}"`
    // The user's first file may move the others; the second of ours has to be read all the same.
    const first = [`ZDOTDIR=${home}`, read('.zshenv'), 'osrun_home=$ZDOTDIR', `ZDOTDIR=${quoteShell(folder)}`]
    const second = ['ZDOTDIR=$osrun_home', 'unset osrun_home', read('.zshrc'), 'unset HISTFILE', 'SAVEHIST=0']
    await writeFile(join(folder, '.zshenv'), `${first.join('\n')}\n`)
    await writeFile(join(folder, '.zshrc'), `${second.join('\n')}\nPS1="(osrun) $PS1"\n`)
    return { args: ['-i'], own: { ZDOTDIR: folder } }
  }
  if (name === 'fish') return { args: ['--private'], own: {} }
  return { args: ['-i'], own: { PS1: '(osrun) $ ' } }
}
