import { spawnSync } from 'node:child_process'

/** The path of a program, by its name. */
export function whereIs(program: string): string {
  return spawnSync('which', [program], { encoding: 'utf8' }).stdout.trim()
}
