import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder with what is completed: a clouds.yaml, and a recipe that is unfinished, as it is while somebody tries it out. */
export function completionFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'osrun-completion-'))
  mkdirSync(join(path, 'bin'))
  mkdirSync(join(path, 'shelf'))
  writeFileSync(
    join(path, 'clouds.yaml'),
    'clouds:\n  workshop:\n    auth: { password: hush-hush }\n  production: {}\n',
  )
  writeFileSync(join(path, 'shelf/notes.txt'), '')
  writeFileSync(
    join(path, 'shelf/my first.yaml'),
    'osrun: 1\ninputs:\n  container: photos\n  size: { enum: [small, large] }\n  pin: { type: string, writeOnly: true }\nsteps:\n  - nonsense: {}\n',
  )
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}
