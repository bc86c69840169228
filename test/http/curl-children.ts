import { readdirSync, readFileSync } from 'node:fs'

/** A process below this one, with its words and its environment as everybody on the machine may read them. */
export type Child = { readonly pid: number; readonly words: string; readonly environment: string }

/** The processes below one process that are curl or work for it; Linux only. */
export function childrenOf(pid: number): readonly Child[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      // The second word is the program's name in parentheses, which may hold anything.
      const [, parent] = /.*\) \S (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'latin1')) ?? []
      parents.set(Number(name), Number(parent))
    } catch {
      // It has ended.
    }
  }
  const below = (one: number): boolean => {
    const parent = parents.get(one)
    return parent !== undefined && (parent === pid || below(parent))
  }
  return [...parents.keys()].filter(below).flatMap((one) => {
    try {
      const read = (file: string) => readFileSync(`/proc/${one}/${file}`, 'utf8').replaceAll('\0', '\n')
      return [{ pid: one, words: read('cmdline'), environment: read('environ') }]
    } catch {
      return []
    }
  })
}
