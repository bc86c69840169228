import { findConfigFile } from '../../openstack/find-config-file.ts'
import { surroundings } from '../../openstack/surroundings.ts'

/** The names of the clouds in clouds.yaml, and nothing else of that file. */
export async function cloudNames(): Promise<readonly string[]> {
  const file = await findConfigFile('clouds', surroundings(process), () => {})
  return file?.map('clouds')?.keys() ?? []
}
