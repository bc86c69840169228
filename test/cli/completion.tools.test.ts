import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { completionFolder } from './completion-folder.ts'

const folder = completionFolder()
afterAll(() => folder[Symbol.dispose]())
writeFileSync(
  join(folder.path, 'bin/osrun'),
  `#!/bin/sh\nexec '${process.execPath}' '${process.cwd()}/bin/osrun.cjs' "$@"\n`,
  { mode: 0o755 },
)
const environment = {
  PATH: `${join(folder.path, 'bin')}:${process.env.PATH}`,
  HOME: folder.path,
  TERM: 'dumb',
}

/** Runs a shell on a script. */
function shell(name: string, args: readonly string[], input = ''): string {
  const { error, stdout, stderr } = spawnSync(name, args, {
    cwd: folder.path,
    env: environment,
    encoding: 'utf8',
    input,
    timeout: 20_000,
  })
  if (error !== undefined) throw error
  expect(stderr).toBe('')
  return stdout
}

describe('the program answers', () => {
  test('without loading what only sending needs', () => {
    // undici is what loads tls.
    const hook = join(folder.path, 'hook.cjs')
    writeFileSync(hook, "process.on('exit', () => process.stdout.write(process.moduleLoadList.join()))")
    const loaded = (...words: readonly string[]): string =>
      shell(process.execPath, ['-r', hook, join(process.cwd(), 'bin/osrun.cjs'), ...words])
    expect(loaded('--sandbox', join(process.cwd(), 'recipes/object-metadata.yaml'))).toContain(
      'NativeModule tls,',
    )
    expect(loaded('__complete', '--', '--sandbox', '')).not.toContain('NativeModule tls,')
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
  test.each([...tabs, ...files(' '), afterKind])('%s', (line, completed) => {
    const script = `osrun completion fish | source; complete -C '${line}'`
    expect(shell('fish', ['--no-config', '-c', script]).split('\t')[0]?.trimEnd()).toBe(completed)
  })
})

describe('zsh', () => {
  // A zsh in a pseudo-terminal is typed to; its last key prints the line that it made of it.
  const typed = (line: string): string => {
    const script = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1=; autoload -U compinit; compinit -u -D; source <(osrun completion zsh)'
zpty -w z 'told() { print -r -- "<""<$BUFFER>"">"; exit }; zle -N told; bindkey "^X" told; print READY''NOW'
while zpty -r z out; do [[ $out == *READYNOW* ]] && break; done
zpty -w -n z ${JSON.stringify(`${line.replaceAll('"', '\\"')}`).replaceAll('\\\\\\"', '\\"')}$'\\t\\x18'
while zpty -r z out; do print -rn -- $out; [[ $out == *'>>'* ]] && break; done`
    return /<<(.*)>>/.exec(shell('zsh', ['-f', '-c', script]))?.[1] ?? ''
  }
  test.each([...tabs, ...files('\\ '), afterKind])('%s', (line, completed) => {
    expect(typed(line).trimEnd()).toBe(line.replace(/[^ ]*$/, completed))
  })
})

describe('a name that a shell would obey', () => {
  const names = [
    'two words',
    '$(touch x)',
    '`touch x`',
    'a;touch x',
    'a&touch x',
    "it's",
    'a"b',
    '*',
    '~root',
    '$HOME',
    'back\\slash',
    '>x',
    '#x',
    '{a,b}',
  ]
  const start: Readonly<Record<string, string>> = {
    bash: 'bash --norc --noprofile -i',
    zsh: 'zsh -f -i',
    fish: 'fish --no-config -i',
  }
  const load: Readonly<Record<string, string>> = {
    bash: 'source <(osrun completion bash); set +o history',
    zsh: 'PS1=; autoload -U compinit; compinit -u -D; source <(osrun completion zsh)',
    fish: 'osrun completion fish | source',
  }

  /** The words that osrun gets when a line is typed into a shell, then Tab and Enter; none where osrun is not run. */
  function wordsOf(name: string, line: string, files: Readonly<Record<string, string>>): readonly string[] {
    using own = completionFolder()
    for (const [file, text] of Object.entries(files)) writeFileSync(join(own.path, file), text)
    const stub = `#!/bin/sh\ncase "\${1-}" in __complete | completion) exec '${process.execPath}' '${process.cwd()}/bin/osrun.cjs' "$@" ;; esac\nprintf '%s\\n' "$@" >'${own.path}/words.part'\nmv '${own.path}/words.part' '${own.path}/words'\n`
    writeFileSync(join(own.path, 'bin/osrun'), stub, { mode: 0o755 })
    const script = `zmodload zsh/zpty zsh/zselect
zpty z ${JSON.stringify(start[name])}
zpty -w z ${JSON.stringify(load[name])}
zpty -w z 'echo READY''NOW'
while zpty -r z out; do [[ $out == *READYNOW* ]] && break; done
zpty -w -n z "$LINE"$'\\t\\n'
for ((i = 0; i < 150; i++)); do [[ -e words ]] && break; zselect -t 10; while zpty -r -t z out; do :; done; done
zpty -d z`
    spawnSync('zsh', ['-f', '-c', script], {
      cwd: own.path,
      env: {
        ...environment,
        PATH: `${join(own.path, 'bin')}:${process.env.PATH}`,
        HOME: own.path,
        LINE: line,
      },
      timeout: 30_000,
    })
    const there = readdirSync(own.path)
    // Nothing of the name was run.
    expect(there.filter((one) => one === 'x')).toEqual([])
    return there.includes('words')
      ? readFileSync(join(own.path, 'words'), 'utf8').split('\n').slice(0, -1)
      : []
  }

  const cloud = (name: string) => ({ 'clouds.yaml': JSON.stringify({ clouds: { [name]: {} } }) })
  const choice = (name: string) => ({
    'r.yaml': `osrun: 1\nname: n\ninputs:\n  size: { enum: [${JSON.stringify(name)}] }\nsteps:\n  - authenticate:\n`,
  })

  // zsh and fish quote by themselves.
  const offered = (name: string) => (name === 'bash' ? names : names.slice(0, 5))
  test.each(Object.keys(start).flatMap((name) => offered(name).map((one) => [name, one] as const)))(
    '%s gives %s to osrun as it is',
    { timeout: 120_000 },
    (name, one) => {
      expect(wordsOf(name, 'osrun cloud --cloud ', cloud(one))).toEqual(['cloud', '--cloud', one])
      expect(wordsOf(name, 'osrun r.yaml --input size=', choice(one))).toEqual([
        'r.yaml',
        '--input',
        `size=${one}`,
      ])
      const file = `f${one}.yaml`
      expect(wordsOf(name, 'osrun check f', { [file]: '' })).toEqual(['check', file])
    },
  )

  test('fish does not offer what it would take for a folder', () => {
    expect(wordsOf('fish', 'osrun cloud --cloud ', cloud('~root'))).toEqual(['cloud', '--cloud'])
  })

  test.each(["'", '"'])('bash goes on in a word that begins with %s', { timeout: 120_000 }, (quote) => {
    for (const one of ['two words', 't$(touch x)', "t's", 't"b'])
      expect(wordsOf('bash', `osrun cloud --cloud ${quote}t`, cloud(one))).toEqual(['cloud', '--cloud', one])
  })
})
