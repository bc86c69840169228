import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program that a lane of the tests needs, and Debian's package of it. */
type Needed = { readonly lane: string; readonly program: string; readonly package: string }

/** What the lanes need besides Node, as `test/lanes/packages` has it. */
function neededPrograms(): readonly Needed[] {
  return readFileSync(join(import.meta.dirname, 'packages'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [lane = '', program = '', name = ''] = line.split(/\s+/)
      return { lane, program, package: name }
    })
}

/** The sentence for a lane that cannot run here, or nothing where each program that it needs is in PATH. */
export function missingPrograms(lane: string, path = process.env.PATH ?? ''): string | undefined {
  const missing = neededPrograms().filter(
    (needed) => needed.lane === lane && needed.program !== '-' && pathOf(needed.program, path) === undefined,
  )
  if (missing.length === 0) return undefined
  const packages = [...new Set(missing.map((needed) => needed.package))].sort().join(' ')
  const programs = missing.map(({ program }) => program).join(', ')
  return `The lane "${lane}" needs ${programs}: apt-get install ${packages}`
}

/** The path of a program of PATH; the programs of Debian's servers are in /usr/sbin, which is not in everybody's. */
export function pathOf(program: string, path = process.env.PATH ?? ''): string | undefined {
  return [...path.split(delimiter), '/usr/sbin'].map((folder) => join(folder, program)).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
