import { type FileSources, surroundings } from '../../openstack/config/surroundings.ts'
import type { Environment, Io } from '../io.ts'

/** What a cloud is found by. */
export type CloudIo = Pick<Io, 'environment' | 'cwd' | 'home' | 'platform' | 'temporary'>

/** The same place with other variables. */
export function withEnvironment(
  { cwd, home, platform, temporary }: CloudIo,
  environment: Environment,
): CloudIo {
  return { environment, cwd, home, platform, temporary }
}

/** Where the files of clouds are looked for. */
export function fileSourcesOf({ environment, cwd, home, platform }: CloudIo): FileSources {
  return { ...surroundings({ env: environment, platform, cwd: () => cwd }), home }
}
