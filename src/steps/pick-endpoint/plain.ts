import { jqText } from '../../export/jq/expectation.ts'
import { lineWidth } from '../../export/plain/layout.ts'
import { notPlain } from '../../export/plain/not-plain.ts'
import { isRead } from '../../export/plain/state.ts'
import type { PlainVerb } from '../../export/plain/writing.ts'
import { serviceTypes } from '../../export/shell/step/service-types.ts'
import type { Json, RecipeStep } from '../../model/recipe.ts'
import { endpointQuery, withoutSlashes } from '../../openstack/catalog/endpoint-query.ts'
import { flagFirst } from '../../openstack/catalog/flag-first.ts'
import { variableOf } from '../../util/environment-name.ts'

/** The choice of an endpoint by jq, out of the catalog that came with the token. */
export const plain: PlainVerb = (writing) => {
  const { step, state, line } = writing
  const { cloud, isKnownCloud } = state
  const written = typeof step.input === 'string' ? { service: step.input } : step.input
  const given = flagFirst(written as { readonly [key: string]: Json }, step.defaulted, cloud)
  if (given.version !== undefined) throw notPlain('A version of an endpoint', step.locate(['version']))
  for (const [key, value] of Object.entries(given))
    if (JSON.stringify(value).includes('${'))
      throw notPlain('An endpoint that is chosen by a template', step.locate([key]))
  const { official, types } = serviceTypes(String(given.service), cloud, step.locate(['service']))
  const region = given.region ?? (isKnownCloud ? cloud.region : undefined)
  const interfaces = [given.interface ?? (isKnownCloud ? cloud.interfaces : [])].flat().map(interfaceOf)
  const name = given['service-name']
  const variable = variableOf(nameOf(step))
  state.kinds.set(variable, 'file')
  const query = endpointQuery({
    types,
    interfaces,
    otherInterface: '(env.OS_INTERFACE // "public")',
    ...(region !== undefined && { region: jqText(String(region)) }),
    ...(region === undefined && !isKnownCloud && { region: '(env.OS_REGION_NAME // .region)' }),
    ...(name !== undefined && { serviceName: String(name) }),
  })
  const [first = '', ...more] = query
  const isNeeded = isRead(state, nameOf(step))
  line(
    ...fill([
      `${isNeeded ? `${variable}=$(` : ''}jq -r '${first}`,
      ...more,
      `// error(${jqText(`no endpoint of ${official}`)})`,
      `| ${withoutSlashes}'`,
      `"$work/token.json"${isNeeded ? ')' : ''}`,
    ]),
  )
}

function interfaceOf(name: Json): string {
  return String(name).replace(/URL$/, '')
}

// A jq program is broken at any blank.
function fill(words: readonly string[]): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of words) {
    const glue = line === '' || line.endsWith('(') || /^[).]/.test(word) ? '' : ' '
    if (line !== '' && line.length + glue.length + word.length > lineWidth) {
      lines.push(line)
      line = `  ${word}`
    } else line += `${glue}${word}`
  }
  return [...lines, line]
}

function nameOf({ input }: RecipeStep): string {
  return typeof input === 'object' && input !== null && 'as' in input ? String(input.as) : 'endpoint'
}
