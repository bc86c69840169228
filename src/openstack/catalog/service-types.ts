/** Official service types and their aliases: https://service-types.openstack.org */
const aliases: Readonly<Record<string, readonly string[]>> = {
  'admin-logic': ['registration'],
  alarm: ['alarming'],
  'application-container': ['container'],
  'application-deployment': ['application_deployment'],
  baremetal: ['bare-metal'],
  'block-storage': ['volumev3', 'volumev2', 'volume', 'block-store'],
  clustering: ['resource-cluster', 'cluster'],
  'container-infrastructure-management': ['container-infrastructure', 'container-infra'],
  event: ['events'],
  'instance-ha': ['ha'],
  message: ['messaging'],
  meter: ['metering', 'telemetry'],
  'monitoring-logging': ['monitoring-log-api'],
  'multi-region-network-automation': ['tricircle'],
  'operator-policy': ['policy'],
  'resource-optimization': ['infra-optim'],
  'root-cause-analysis': ['rca'],
  'shared-file-system': ['sharev2', 'share'],
  workflow: ['workflowv2'],
}

const projects: Readonly<Record<string, string>> = {
  keystone: 'identity',
  swift: 'object-store',
  nova: 'compute',
  neutron: 'network',
  glance: 'image',
  cinder: 'block-storage',
  heat: 'orchestration',
  barbican: 'key-manager',
  designate: 'dns',
  octavia: 'load-balancer',
  placement: 'placement',
  ironic: 'baremetal',
  manila: 'shared-file-system',
  magnum: 'container-infrastructure-management',
  mistral: 'workflow',
}

/** The official type of an alias; any other word is itself. */
export function officialType(type: string): string {
  return Object.entries(aliases).find(([, names]) => names.includes(type))?.[0] ?? type
}

/**
 * The types in a catalog that answer a wanted one, best first: the type itself, then an official one's
 * aliases, or the official type of a wanted alias. Two different aliases never stand for each other.
 */
export function acceptableTypes(wanted: string): readonly string[] {
  const own = Object.hasOwn(aliases, wanted) ? aliases[wanted] : undefined
  if (own) return [wanted, ...own]
  const official = officialType(wanted)
  return official === wanted ? [wanted] : [wanted, official]
}

/** The type that a project's name stands for: `swift` is object-store. */
export function typeOfProject(name: string): string | undefined {
  return Object.hasOwn(projects, name) ? projects[name] : undefined
}

/** All names of an official type: itself, its aliases and its project, with `-`. */
export function namesOfType(type: string): readonly string[] {
  const own = Object.keys(projects).filter((name) => projects[name] === type)
  const names = [type, ...(Object.hasOwn(aliases, type) ? (aliases[type] ?? []) : []), ...own]
  return [...new Set(names.map((name) => name.replaceAll('_', '-')))]
}
