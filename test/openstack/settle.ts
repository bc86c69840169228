import type { Cloud, Credentials } from '../../src/model/cloud.ts'
import { authBody } from '../../src/openstack/auth/auth-body.ts'
import { resolveCloud } from '../../src/openstack/config/resolve-cloud.ts'

/** What a person's machine holds; paths are absolute, the folder is `/here` and the home `/home/me`. */
export type Machine = {
  readonly flags?: Readonly<Record<string, string | boolean | undefined>>
  readonly environment?: Readonly<Record<string, string>>
  /** An Error stands for a file that cannot be read. */
  readonly files?: Readonly<Record<string, string | Error>>
  readonly platform?: string
}

/** The cloud that a machine describes. */
export function settle({
  flags = {},
  environment = {},
  files = {},
  platform = 'linux',
}: Machine): Promise<Cloud> {
  return resolveCloud({
    flags,
    environment,
    home: '/home/me',
    cwd: '/here',
    platform,
    async readFile(path) {
      const found = Object.hasOwn(files, path) ? files[path] : undefined
      if (found instanceof Error) throw found
      return found
    },
  })
}

/** A cloud's credentials where it has a Keystone. */
export function keystoneOf({ credentials }: Cloud): Extract<Credentials, { kind: 'keystone' }> {
  if (credentials.kind !== 'keystone') throw new Error(`no Keystone, but ${credentials.kind}`)
  return credentials
}

/** What a cloud's Keystone would be sent. */
export function bodyOf(cloud: Cloud): unknown {
  return authBody(keystoneOf(cloud)).auth
}

/** Where an option's value came from, and the value itself. */
export function originOf(cloud: Cloud, option: string): readonly [value: string, from: string] | undefined {
  const found = cloud.valueSources.find((one) => one.option === option)
  return found && [found.value, found.from]
}
