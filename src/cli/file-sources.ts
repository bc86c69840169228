import { type FileSources, surroundings } from '../openstack/surroundings.ts'
import type { Io } from './io.ts'

/** Where the files of clouds are looked for. */
export function fileSourcesOf({ environment, cwd, home, platform }: Io): FileSources {
  return { ...surroundings({ env: environment, platform, cwd: () => cwd }), home }
}
