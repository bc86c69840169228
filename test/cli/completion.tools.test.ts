import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
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
