import { serviceTypes } from '../../export/shell/step/service-types.ts'
import type { ShellVerb } from '../../export/shell/step/shell-verb.ts'
import { variableOf } from '../../export/shell/values/variable-names.ts'
import { quoteText } from '../../export/shell/values/words.ts'
import type { Json, RecipeStep } from '../../model/recipe.ts'
import { flagFirst } from '../../openstack/catalog/flag-first.ts'

/** The choice of an endpoint, made by jq out of the catalog that came with the token. */
export const shell: ShellVerb = {
  sets: (step) => ({ [nameOf(step)]: 'file' }),
  write(writing) {
    const { step, cloud } = writing
    const input = typeof step.input === 'string' ? { service: step.input } : step.input
    const given = flagFirst(input as { readonly [key: string]: Json }, step.defaulted, cloud)
    const { official, types } = serviceTypes(String(given.service), cloud, step.locate(['service']))
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
    if (given.version === undefined) return
    writing.need('discover_version')
    writing.must(
      `discover_version ${variableOf(nameOf(step))} ${writing.word(String(writing.render(given.version, ['version'])))}`,
    )
  },
}

function nameOf({ input }: RecipeStep): string {
  return typeof input === 'object' && input !== null && 'as' in input ? String(input.as) : 'endpoint'
}
