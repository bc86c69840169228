import { OsrunError } from '../../model/problem.ts'
import type { FileSources } from './surroundings.ts'
import type { YamlFile } from './yaml-file.ts'
import { parseYamlFile } from './yaml-file.ts'

export type ConfigKind = 'clouds' | 'secure' | 'clouds-public'

/**
 * The first clouds.yaml, secure.yaml or clouds-public.yaml of openstackclient's search list. A file that may
 * not be read is passed over with a note, unless a variable names it.
 * https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html
 */
export async function findConfigFile(
  kind: ConfigKind,
  sources: FileSources,
  note: (text: string) => void,
): Promise<YamlFile | undefined> {
  const variable = { clouds: 'OS_CLIENT_CONFIG_FILE', secure: 'OS_CLIENT_SECURE_FILE', 'clouds-public': '' }[
    kind
  ]
  const own = sources.environment[variable]
  if (own) {
    const text = await read(own, sources, (cause) => {
      throw new OsrunError('CLOUDS_FILE_INVALID', `"${own}", named by ${variable}, cannot be read.`, {
        cause,
      })
    })
    if (text !== undefined) return parseYamlFile(own, text)
    note(`There is no file "${own}", which ${variable} names; the usual places were searched.`)
  }
  for (const folder of foldersOf(sources))
    for (const ending of ['yaml', 'yml', 'json']) {
      const path = `${folder}/${kind}.${ending}`
      const text = await read(path, sources, () => note(`"${path}" may not be read and was passed over.`))
      if (text !== undefined) return parseYamlFile(path, text)
    }
  return undefined
}

async function read(
  path: string,
  sources: FileSources,
  refused: (cause: unknown) => void,
): Promise<string | undefined> {
  try {
    return await sources.readFile(path)
  } catch (cause) {
    if (cause instanceof OsrunError) throw cause
    refused(cause)
    return undefined
  }
}

function foldersOf({ environment, home: own, cwd, platform }: FileSources): ReadonlySet<string> {
  const home = environment.SNAP_REAL_HOME || own
  return new Set([
    cwd,
    userFolder(environment, home, platform),
    `${home}/.config/openstack`,
    '/etc/xdg/openstack',
    '/etc/openstack',
  ])
}

function userFolder(environment: FileSources['environment'], home: string, platform: string): string {
  if (platform === 'darwin') return `${home}/Library/Application Support/openstack`
  if (platform === 'win32' && environment.LOCALAPPDATA)
    return `${environment.LOCALAPPDATA}/OpenStack/openstack`
  return `${environment.XDG_CONFIG_HOME || `${home}/.config`}/openstack`
}
