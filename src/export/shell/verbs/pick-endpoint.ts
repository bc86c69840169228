import type { Json, RecipeStep } from '../../../model/recipe.ts'
import { flagFirst } from '../../../openstack/flag-first.ts'
import { acceptableTypes, officialType, typeOfProject } from '../../../openstack/service-types.ts'
import { cannotExport } from '../../cannot-export.ts'
import { variableOf } from '../names.ts'
import type { ShellVerb } from '../shell-verb.ts'
import { quoteText } from '../words.ts'

/** The choice of an endpoint, made by jq out of the catalog that came with the token. */
export const pickEndpoint: ShellVerb = {
  sets: (step) => [nameOf(step)],
  write(writing) {
    const { step, cloud } = writing
    const input = typeof step.input === 'string' ? { service: step.input } : step.input
    const given = flagFirst(input as { readonly [key: string]: Json }, step.defaulted, cloud)
    const service = String(given.service)
    if (service.includes('${'))
      throw cannotExport('A service type that is not written out', step.locate(['service']))
    const type = service.replaceAll('_', '-')
    const official = typeOfProject(type) ?? type
    if (Object.hasOwn(cloud.endpointOverrides, officialType(official)))
      throw cannotExport(`The endpoint override of ${official}`, step.at)
    // A cloud's own type goes by the name that the cloud gave it.
    const types = [...new Set([service, ...acceptableTypes(service), ...acceptableTypes(official)])]
    const text = (key: string, otherwise: string): string => {
      const value = writing.render(given[key] ?? '', [key])
      return value === '' ? otherwise : writing.word([value].flat().map(String).join(','))
    }
    writing.need('pick_endpoint')
    const region = text('region', '"$OS_REGION_NAME"')
    const interfaces = text('interface', '"$OS_INTERFACE"')
    if (region === '"$OS_REGION_NAME"') writing.parts.read.add('OS_REGION_NAME')
    if (interfaces === '"$OS_INTERFACE"') writing.parts.read.add('OS_INTERFACE')
    writing.must(
      `pick_endpoint ${variableOf(nameOf(step))} ${quoteText(JSON.stringify(types))} ${quoteText(official)} ${region} ${interfaces} ${text('service-name', "''")}`,
    )
  },
}

function nameOf({ input }: RecipeStep): string {
  return typeof input === 'object' && input !== null && 'as' in input ? String(input.as) : 'endpoint'
}
