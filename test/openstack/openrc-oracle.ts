import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OsrunError } from '../../src/model/problem.ts'
import { loadOpenrcReader } from '../../src/openstack/openrc/parse-openrc.ts'

const parseOpenrc = await loadOpenrcReader()

/** The environment in which files are read. */
const environment: Readonly<Record<string, string>> = {
  HOME: '/home/me',
  PATH: '/usr/bin:/bin',
  LC_ALL: 'C.UTF-8',
  OS_A: 'a of the environment',
  OS_E: '',
  B: 'b*',
  http_proxy: 'http://proxy.test:3128',
}

/** What a user types where a file asks. */
const typed = 'typed'

type Values = Readonly<Record<string, string>>

/**
 * What bash exports after each of the files, all of them by one process; undefined where the file ends the shell.
 * A subshell for each of them keeps what one does from the others.
 */
export function exportedByBash(
  files: readonly string[],
  given: Values = environment,
): readonly (Values | undefined)[] {
  const folder = mkdtempSync(join(tmpdir(), 'openrc-'))
  try {
    files.forEach((text, index) => {
      writeFileSync(join(folder, String(index)), text)
    })
    writeFileSync(join(folder, 'answers'), `${typed}\n`.repeat(99))
    const script = `for ((oracle = 0; oracle < ${files.length}; oracle++)); do
  (
    exec 3>&1 >/dev/null 2>&1 <answers
    . ./$oracle
    set +aeu
    IFS=$' \\t\\n'
    for name in $(compgen -e); do [[ -v $name ]] && builtin printf '%s\\0' "$name=\${!name}" >&3; done
    builtin printf 'done\\0' >&3
  )
  printf 'end\\0'
done`
    const output = execFileSync('bash', ['--norc', '-c', script], {
      cwd: folder,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', ...given },
      maxBuffer: 1 << 30,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    return output
      .toString('latin1')
      .split('end\0')
      .slice(0, -1)
      .map((part) => (part.endsWith('done\0') ? valuesIn(part) : undefined))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function valuesIn(part: string): Values {
  const entries = part.split('\0').slice(0, -2)
  return Object.fromEntries(
    entries.map((entry) => {
      const at = entry.indexOf('=')
      return [entry.slice(0, at), Buffer.from(entry.slice(at + 1), 'latin1').toString()]
    }),
  )
}

/** What osrun makes of a file: the environment after it, and what it would ask for; or the line that it refuses. */
export function readByOsrun(
  text: string,
):
  | { readonly after: Values; readonly asked: ReadonlySet<string> }
  | { readonly line: number; readonly message: string } {
  try {
    const { values, unset, asked } = parseOpenrc(text, 'openrc', environment)
    const kept = Object.entries(environment).filter(([name]) => !unset.has(name))
    return {
      after: Object.fromEntries([...kept, ...[...values].map(([name, { value }]) => [name, value])]),
      asked,
    }
  } catch (error) {
    if (!(error instanceof OsrunError) || error.at === undefined) throw error
    return { line: error.at.line, message: error.message }
  }
}

// bash sets these by itself, or they are about the terminal alone.
const own = /^(?:PWD|OLDPWD|SHLVL|_|PS1)$/

/** In what osrun and bash differ about a file, by names of variables; empty when they agree, or osrun refuses the file. */
export function differences(text: string, bash: Values | undefined): readonly string[] {
  const osrun = readByOsrun(text)
  if ('line' in osrun) return []
  if (bash === undefined) return ['bash ends']
  const names = new Set([...Object.keys(osrun.after), ...Object.keys(bash)])
  return [...names].filter((name) => {
    if (own.test(name)) return false
    if (osrun.asked.has(name)) return bash[name] !== undefined && !bash[name].includes(typed)
    return osrun.after[name] !== bash[name]
  })
}
