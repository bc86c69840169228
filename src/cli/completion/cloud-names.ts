import { findConfigFile } from '../../openstack/find-config-file.ts'
import { fileSourcesOf } from '../file-sources.ts'
import type { Io } from '../io.ts'

/** The names of the clouds in clouds.yaml, and nothing else of that file. */
export async function cloudNames(io: Io): Promise<readonly string[]> {
  const file = await findConfigFile('clouds', fileSourcesOf(io), () => {})
  return file?.map('clouds')?.keys() ?? []
}
