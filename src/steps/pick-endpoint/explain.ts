import { either } from '../../export/plan/expectation-words.ts'
import type { PlanVerb } from '../../export/plan/plan-verb.ts'
import type { Json } from '../../model/recipe.ts'
import { flagFirst } from '../../openstack/catalog/flag-first.ts'
import { officialType, typeOfProject } from '../../openstack/catalog/service-types.ts'

/** Which endpoint of the catalog is taken; nothing is sent. */
export const explain: PlanVerb = ({ step, state }) => {
  const { cloud, isKnownCloud } = state
  const written = typeof step.input === 'string' ? { service: step.input } : step.input
  const input = flagFirst(written as { readonly [key: string]: Json }, step.defaulted, cloud)
  const service = String(input.service)
  const { credentials } = cloud
  if (credentials.kind !== 'keystone')
    return { does: [`takes ${credentials.endpoint}, as for every service`] }
  const type = service.replaceAll('_', '-')
  const official = officialType(typeOfProject(type) ?? type)
  const override = Object.hasOwn(cloud.endpointOverrides, official)
    ? cloud.endpointOverrides[official]
    : undefined
  if (override !== undefined) return { does: [`takes ${override}, which is configured for ${service}`] }
  const interfaces =
    input.interface === undefined
      ? isKnownCloud
        ? either(cloud.interfaces)
        : '$OS_INTERFACE, else public'
      : either([input.interface].flat().map(String))
  const region = input.region === undefined ? cloud.region : String(input.region)
  const place =
    region !== undefined
      ? `region ${region}`
      : isKnownCloud
        ? 'the first region that has one'
        : 'region $OS_REGION_NAME, else the first that has one'
  const named = input['service-name'] === undefined ? '' : ` named ${String(input['service-name'])}`
  const version =
    input.version === undefined
      ? []
      : [`finds its version ${String(input.version)} by the service's document`]
  return {
    does: [
      `takes the endpoint of ${service}${named} out of the catalog: ${interfaces}; ${place}`,
      ...version,
    ],
  }
}
