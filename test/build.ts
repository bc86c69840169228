import { execFileSync } from 'node:child_process'

let isBuilt = false

/** The tests that start the program run what the build made, so it is made anew before them, once for all lanes. */
export function buildOnce(): void {
  if (isBuilt) return
  execFileSync(process.execPath, ['build/build.mjs'], { stdio: 'inherit' })
  isBuilt = true
}

export const setup = buildOnce
