import { execFileSync } from 'node:child_process'

/** The tests of the command line run what the build made, so it is made anew before them. */
export function setup(): void {
  execFileSync(process.execPath, ['build/build.mjs'], { stdio: 'inherit' })
}
