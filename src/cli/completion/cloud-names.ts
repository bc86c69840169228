import { findConfigFile } from '../../openstack/config/find-config-file.ts'
import type { Io } from '../io.ts'
import { fileSourcesOf } from '../open/file-sources.ts'

/** The names of the clouds in clouds.yaml, and nothing else of that file. */
export async function cloudNames(io: Io): Promise<readonly string[]> {
  const file = await findConfigFile('clouds', fileSourcesOf(io), () => {})
  return file?.map('clouds')?.keys() ?? []
}
