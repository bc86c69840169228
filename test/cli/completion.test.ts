import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reportKinds } from '../../src/report/index.ts'
import { needs } from '../needs.ts'
import { runOsrun } from './osrun.ts'

let folder: string
let environment: Record<string, string>
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-completion-'))
  mkdirSync(join(folder, 'bin'))
  mkdirSync(join(folder, 'shelf'))
  writeFileSync(
    join(folder, 'bin/osrun'),
    `#!/bin/sh\nexec '${process.execPath}' '${process.cwd()}/bin/osrun.cjs' "$@"\n`,
    { mode: 0o755 },
  )
  writeFileSync(
    join(folder, 'clouds.yaml'),
    'clouds:\n  workshop:\n    auth: { password: hush-hush }\n  production: {}\n',
  )
  writeFileSync(join(folder, 'shelf/notes.txt'), '')
  // Unfinished, as a recipe is while somebody tries it out.
  writeFileSync(
    join(folder, 'shelf/my first.yaml'),
    'osrun: 1\ninputs:\n  container: photos\n  size: { enum: [small, large] }\n  pin: { type: string, writeOnly: true }\nsteps:\n  - nonsense: {}\n',
  )
  environment = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, HOME: folder, TERM: 'dumb' }
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a shell on a script; a shell that is not there fails the test. */
function shell(name: string, args: readonly string[], input = ''): string {
  const { error, stdout, stderr } = spawnSync(name, args, {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    input,
    timeout: 20_000,
  })
  if (error !== undefined)
    throw new Error(`${name} cannot be run (${error.message}); on Debian: apt-get install ${name}`)
  expect(stderr).toBe('')
  return stdout
}

async function asked(...words: readonly string[]): Promise<readonly string[]> {
  const { status, stdout, stderr } = await runOsrun(['__complete', '--', ...words], {
    OS_CLIENT_CONFIG_FILE: join(folder, 'clouds.yaml'),
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '')
}

describe('the program answers', () => {
  test('without loading what only sending needs', () => {
    // undici is what loads tls.
    const hook = join(folder, 'hook.cjs')
    writeFileSync(hook, "process.on('exit', () => process.stdout.write(process.moduleLoadList.join()))")
    const loaded = (...words: readonly string[]): string =>
      shell(process.execPath, ['-r', hook, join(process.cwd(), 'bin/osrun.cjs'), ...words])
    expect(loaded('--sandbox', join(process.cwd(), 'recipes/object-metadata.yaml'))).toContain(
      'NativeModule tls,',
    )
    expect(loaded('__complete', '--', '--sandbox', '')).not.toContain('NativeModule tls,')
  })
  test('every command of the help, and recipes, for the first word', async () => {
    const { stdout } = await runOsrun(['--help'])
    const commands = [...(stdout.split('Commands:\n')[1]?.matchAll(/^ {2}(\w+)/gm) ?? [])].map(
      ([, name]) => name,
    )
    const shown = commands.slice(0, commands.indexOf('help') + 1)
    expect(await asked('')).toEqual([...shown, ':recipes'])
  })
  test('every flag of the help, for each command', async () => {
    for (const command of ['run', 'check', 'cloud', 'schema', 'completion']) {
      const { stdout } = await runOsrun([command, '--help'])
      const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?\s*(--[\w-]+)/gm)].map(([, flag]) => flag)
      expect(await asked(command, '-')).toEqual(flags)
    }
  })
  test.each([
    [
      ['--interface', ''],
      ['public', 'internal', 'admin'],
    ],
    [['--interface=in'], ['--interface=internal']],
    [
      ['cloud', '--cloud', ''],
      ['workshop', 'production'],
    ],
    [['--report', ''], reportKinds.map(({ kind }) => `${kind}=`)],
    [['--report', 'junit=o'], [':any']],
    [['--sandbox', '--fault', 'skew'], ['skewed-clock']],
    [['sandbox', '--fault', 'cut'], ['cut-body']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['completion', 'bash', ''], ['']],
    [
      ['learn', 'tok'],
      ['token', ':recipes'],
    ],
    [
      ['learn', '--cards', 'half'],
      ['half-a-photo', ':recipes'],
    ],
    [['--openrc', ''], [':any']],
    [['--sandbox', 'a.yaml', ''], [':recipes']],
    [['-qi', ''], ['']],
    [['--', '--in'], [':recipes']],
    [['run', '/nonexistent.yaml', '--input', ''], ['']],
    [['--nonsense', '--input', ''], ['']],
  ])('osrun %j', async (words, wanted) => {
    expect(await asked(...words)).toEqual(wanted)
  })
  test('the inputs of the recipe on the line, with the values that a schema lists', async () => {
    const recipe = join(folder, 'shelf/my first.yaml')
    expect(await asked(recipe, '--input', '')).toEqual(['container=', 'size=', 'pin='])
    expect(await asked(recipe, '-i', 'size=l')).toEqual(['size=large'])
    expect(await asked(join(folder, 'shelf'), '--input=con')).toEqual(['--input=container='])
  })
  test('nothing of a clouds.yaml that cannot be read, and no complaint', async () => {
    const { status, stdout, stderr } = await runOsrun(['__complete', '--', '--cloud', ''], {
      OS_CLIENT_CONFIG_FILE: join(folder, 'bin'),
    })
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
  })
})

/** What each shell makes of a line when Tab is pressed at its end; they agree. */
const tabs: readonly (readonly [line: string, completed: string])[] = [
  ['osrun comp', 'completion'],
  ['osrun completion z', 'zsh'],
  ['osrun run --expl', '--explain-curl'],
  ['osrun cloud --cloud wor', 'workshop'],
  ['osrun "shelf/my first.yaml" --input con', 'container='],
  ['osrun shelf --input size=la', 'size=large'],
  ['osrun --report js', 'json='],
]

/** Names of files: zsh quotes the space, the others leave that to what puts the word into the line. */
const files = (space: string): readonly (readonly [line: string, completed: string])[] => [
  ['osrun check shelf/my', `shelf/my${space}first.yaml`],
  ['osrun --openrc shelf/n', 'shelf/notes.txt'],
]
const afterKind = ['osrun --report json=shelf/n', 'json=shelf/notes.txt'] as const

describe('bash', () => {
  needs('bash')
  test.each([...tabs, ...files(' '), afterKind])('%s', (line, completed) => {
    // As readline cuts words: at spaces, and at = and :.
    const words = [...line.matchAll(/"[^"]*"|[=:]+|[^\s=:]+/g)].map(([word]) => `'${word}'`)
    const script = `source <(osrun completion bash)
COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:' COMP_LINE='${line}' COMP_WORDS=(${words.join(' ')})
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_osrun; printf '%s\\n' "\${COMPREPLY[@]}"`
    // After a cut readline replaces only what comes behind it.
    const wanted = /=\S+$/.test(line) ? completed.replace(/^.*=/, '') : completed
    expect(shell('bash', ['--norc', '-c', script])).toBe(`${wanted}\n`)
  })
})

describe('fish', () => {
  needs('fish')
  test.each([...tabs, ...files(' '), afterKind])('%s', (line, completed) => {
    const script = `osrun completion fish | source; complete -C '${line}'`
    expect(shell('fish', ['--no-config', '-c', script]).split('\t')[0]?.trimEnd()).toBe(completed)
  })
})

describe('zsh', () => {
  needs('zsh')
  // A zsh in a pseudo-terminal is typed to; its last key prints the line that it made of it.
  const typed = (line: string): string => {
    const script = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1=; autoload -U compinit; compinit -u -D; source <(osrun completion zsh)'
zpty -w z 'told() { print -r -- "<<$BUFFER>>"; exit }; zle -N told; bindkey "^X" told; print READY''NOW'
while zpty -r z out; do [[ $out == *READYNOW* ]] && break; done
zpty -w -n z ${JSON.stringify(`${line.replaceAll('"', '\\"')}`).replaceAll('\\\\\\"', '\\"')}$'\\t\\x18'
while zpty -r z out; do print -rn -- $out; [[ $out == *'>>'* ]] && break; done`
    return /<<(.*)>>/.exec(shell('zsh', ['-f', '-c', script]))?.[1] ?? ''
  }
  test.each([...tabs, ...files('\\ '), afterKind])('%s', (line, completed) => {
    expect(typed(line).trimEnd()).toBe(line.replace(/[^ ]*$/, completed))
  })
})
