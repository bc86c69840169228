import type { Recipe, RecipeStep } from '../../model/recipe.ts'
import type { Verb } from '../../model/step.ts'
import { cannotExport } from '../cannot-export.ts'

/** Keys of a step that no script is written for yet. */
const keys = ['when', 'forEach', 'polling', 'retry'] as const
const spelling = { when: '"when"', forEach: '"for-each"', polling: '"until"', retry: '"retry"' }

/** Refuses a recipe with a step whose keys would otherwise be lost, or mean something else, in a script. */
export function refuseSteps({ steps }: Recipe, verbs: readonly Verb[]): void {
  const counts = new Map<string, number>()
  for (const step of steps)
    for (const name of new Set(namesSet(step, verbs))) counts.set(name, (counts.get(name) ?? 0) + 1)
  for (const step of steps) {
    refuseKeys(step)
    for (const inner of step.defer) {
      refuseKeys(inner)
      if (inner.defer.length > 0) throw cannotExport('A deferred step that defers steps', inner.at)
      refuseChangedNames(inner, counts)
    }
  }
}

function refuseKeys(step: RecipeStep): void {
  for (const key of keys)
    if (step[key] !== undefined) throw cannotExport(`The key ${spelling[key]} of a step`, step.at)
}

// A deferred step reads a name as it was when the step was deferred; a script has the variable as it is at the end.
function refuseChangedNames(step: RecipeStep, counts: ReadonlyMap<string, number>): void {
  const text = JSON.stringify(step.input)
  for (const [name, count] of counts)
    if (count > 1 && new RegExp(`\\b${name}\\b`).test(text))
      throw cannotExport(
        `A deferred step that reads "${name}", which several steps set,`,
        step.at,
        'Give what the steps set different names, with "as" or in "capture".',
      )
}

// The token that is good at the end is the one that is meant; the last answer is nobody's name.
function namesSet(step: RecipeStep, verbs: readonly Verb[]): readonly string[] {
  const verb = verbs.find(({ verb: name }) => name === step.verb)
  const set = verb?.sets(step.input) ?? []
  return [...set, ...step.captures.map(({ name }) => name)].filter(
    (name) => !['token', 'catalog', 'response'].includes(name),
  )
}
