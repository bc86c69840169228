import type { PlacedValue, RecipeStep } from '../../model/recipe.ts'
import type { StepContext } from '../../model/step.ts'
import type { Catalog } from '../../model/token.ts'
import { missingServices } from '../../openstack/catalog/missing-services.ts'
import { observe } from '../../steps/assert/observe.ts'
import { isMapping, textOf } from '../../steps/input.ts'
import { shorten } from '../masking/shorten.ts'
import type { RunParts } from './run-parts.ts'
import { createStepContext } from './step-context.ts'
import type { Task } from './task.ts'

/** Why a step's `when` does not hold, as the reason of a skipped step; undefined when it does. */
export function unmetCondition(
  parts: RunParts,
  { step, signal }: Task,
  when: PlacedValue,
): string | undefined {
  const { service, ...context } = isMapping(when.value) ? when.value : {}
  const condition: RecipeStep = {
    ...step,
    input: { context },
    // What is observed stands one level higher than in an assertion.
    locate: ([first, ...rest]) => when.locate(first === 'context' ? rest : [first ?? '', ...rest]),
  }
  const within = createStepContext(parts, condition, signal, () => {})
  const missing =
    service === undefined ? undefined : unmetService(within.renderFilled(service, ['service']), within)
  if (missing !== undefined) return missing
  for (const { subject, found, mismatches } of observe(condition, within)) {
    const [first] = mismatches
    if (first === undefined) continue
    const is =
      found === undefined
        ? `${subject} has no value`
        : `${first.subject} is ${shorten(first.found, parts.masker)}`
    return `${is}, expected ${shorten(first.expected, parts.masker)}`
  }
  return undefined
}

function unmetService(wanted: unknown, { cloud, lookup }: StepContext): string | undefined {
  // Such a cloud has one endpoint for whatever is asked.
  if (cloud !== undefined && cloud.credentials.kind !== 'keystone') return undefined
  const services = (Array.isArray(wanted) ? wanted : [wanted]).map(textOf)
  const catalog = lookup('catalog') as Catalog | undefined
  const missing = missingServices(catalog ?? [], services, cloud?.endpointOverrides ?? {})
  if (missing.length === 0) return undefined
  return `the catalog has no ${missing.join(' and no ')} service`
}
