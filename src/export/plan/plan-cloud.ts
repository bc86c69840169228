import type { Cloud } from '../../model/cloud.ts'
import type { Position } from '../../model/problem.ts'
import { mapSecrets } from '../../openstack/config/map-secrets.ts'
import type { Placeholders } from '../placeholder.ts'
import { symbolicCloud } from '../shell/symbolic-cloud.ts'

/** The cloud with a placeholder for each secret; where there is none, one of OS_* variables alone. */
export function planCloud(cloud: Cloud | undefined, placeholders: Placeholders, at: Position): Cloud {
  if (cloud === undefined) return symbolicCloud(noCloud, placeholders, at).cloud
  const credentials = mapSecrets(cloud.credentials, (_secret, variable) =>
    placeholders.add({
      read: { kind: 'read', path: [variable], name: variable, offset: 0, length: 0 },
      form: 'value',
      at,
    }),
  )
  return { ...cloud, credentials }
}

const someone = { name: '', domain: { name: '' } }
/** A cloud of which only is known how it is usually asked. */
const noCloud: Cloud = {
  name: undefined,
  credentials: {
    kind: 'keystone',
    authUrl: '',
    methods: [{ kind: 'password', user: someone, password: '' }],
    scope: { kind: 'project', project: someone },
  },
  region: undefined,
  interfaces: [],
  tls: { insecure: false },
  endpointOverrides: {},
  valueSources: [],
  files: [],
  notes: [],
}
