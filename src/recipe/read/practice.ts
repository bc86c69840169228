import type { Json, Practice, Recipe } from '../../model/recipe.ts'
import type { JsonSchema } from '../../model/step.ts'
import type { StepReading } from './reading.ts'
import { readsOfRecipe } from './reads.ts'
import { openScope } from './scope.ts'
import { readSteps, setNames } from './steps.ts'

const text: JsonSchema = { type: 'string', minLength: 1 }

/** What may follow `practice:`. */
export const practiceSchema: JsonSchema = {
  type: 'object',
  description:
    'A task that osrun learn sets at the end, and steps that pass when it is done; nothing to a run.',
  required: ['task', 'check'],
  properties: {
    task: { ...text, description: 'What is to be done; Markdown.' },
    hint: { ...text, description: 'How; Markdown.' },
    question: { ...text, description: 'What to answer. The steps read it as ${answer}.' },
    type: { enum: ['string', 'integer'], description: 'What the answer is. Default: string.' },
    check: { $ref: '#/$defs/steps' },
  },
  dependentRequired: { type: ['question'] },
  additionalProperties: false,
}

/** The name of what the learner answered. */
const answerName = 'answer'

/**
 * Reads the section `practice` of a recipe. Its steps are a recipe of their own: they read the inputs of `recipe` and
 * the answer, and nothing that its steps set.
 */
export function readPractice(section: Json, reading: StepReading, recipe: Recipe): Practice | undefined {
  if (typeof section !== 'object' || section === null || Array.isArray(section)) return undefined
  const { task, hint, question, type = 'string', check } = section as JsonSchema
  const list = Array.isArray(check) ? check : []
  const at = reading.yaml.locateKey(['practice', 'check'])
  const asked = typeof question === 'string'
  if (asked && recipe.inputs.some(({ name }) => name === answerName))
    reading.report(
      'RECIPE_INVALID',
      reading.yaml.locateKey(['practice', 'question']),
      `"${answerName}" is an input of the recipe, and the name of what the learner answers.`,
      'Give the input another name.',
    )
  const answer = { name: answerName, schema: { type }, required: true, secret: false, at }
  const inputs = asked ? [...recipe.inputs, answer] : recipe.inputs
  const names = new Set(setNames(list, reading.verbs))
  const scope = openScope(
    undefined,
    inputs.map(({ name }) => name),
  )
  const steps = readSteps(
    list,
    ['practice', 'check'],
    { ...reading, ids: new Map(), later: () => names },
    scope,
  )
  return {
    task: String(task),
    hint: typeof hint === 'string' ? hint : undefined,
    question: asked ? question : undefined,
    check: { ...recipe, inputs, steps, outputs: [], reads: readsOfRecipe(steps, []), matrix: {} },
  }
}
