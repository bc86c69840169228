import type { Cloud } from '../../../model/cloud.ts'
import type { Position } from '../../../model/problem.ts'
import { acceptableTypes, officialType, typeOfProject } from '../../../openstack/catalog/service-types.ts'
import { cannotExport } from '../../cannot-export.ts'

/** The official type of a service, and the types of a catalog that will do for it, best first; refuses a template. */
export function serviceTypes(
  service: string,
  { endpointOverrides }: Cloud,
  at: Position,
): { readonly official: string; readonly types: readonly string[] } {
  if (service.includes('${')) throw cannotExport('A service type that is not written out', at)
  const type = service.replaceAll('_', '-')
  const official = typeOfProject(type) ?? type
  if (Object.hasOwn(endpointOverrides, officialType(official)))
    throw cannotExport(`The endpoint override of ${official}`, at)
  // A cloud's own type goes by the name that the cloud gave it.
  return {
    official,
    types: [...new Set([service, ...acceptableTypes(service), ...acceptableTypes(official)])],
  }
}
