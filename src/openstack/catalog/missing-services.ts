import type { Catalog } from '../../model/token.ts'
import { typeInCatalog } from './endpoint.ts'
import { acceptableTypes, officialType } from './service-types.ts'

/** Those of the wanted service types and aliases for which neither the catalog nor an override has an endpoint. */
export function missingServices(
  catalog: Catalog,
  wanted: readonly string[],
  overrides: Readonly<Record<string, string>>,
): readonly string[] {
  return wanted.filter((service) => {
    const type = typeInCatalog(service, catalog)
    if (Object.hasOwn(overrides, officialType(type))) return false
    const types = acceptableTypes(type)
    return !catalog.some((one) => types.includes(one.type) && one.endpoints.length > 0)
  })
}
