import type { DataPath, Json, Quiz } from '../../model/recipe.ts'
import type { JsonSchema } from '../../model/step.ts'
import type { StepReading } from './reading.ts'

const text: JsonSchema = { type: 'string', minLength: 1 }

/** What may follow `quiz:`. */
export const quizSchema: JsonSchema = {
  type: 'object',
  description: 'A question that osrun learn asks before the step; nothing to a run.',
  required: ['question', 'choices', 'answer', 'why'],
  properties: {
    question: { ...text, description: 'One sentence.' },
    choices: { type: 'array', items: text, minItems: 2, maxItems: 9, uniqueItems: true },
    answer: { ...text, description: 'One of the choices.' },
    why: { ...text, description: 'Why it is the answer; Markdown.' },
  },
  additionalProperties: false,
}

/** Reads the quiz of a step whose schema has been checked; tells of an answer that is none of the choices. */
export function readQuiz(
  quiz: Json | undefined,
  path: DataPath,
  { yaml, report }: StepReading,
): Quiz | undefined {
  if (typeof quiz !== 'object' || quiz === null || Array.isArray(quiz)) return undefined
  const { question, choices, answer, why } = quiz as JsonSchema
  const listed = (choices as readonly Json[]).map(String)
  const right = String(answer)
  if (!listed.includes(right))
    report(
      'RECIPE_INVALID',
      yaml.locate([...path, 'quiz', 'answer']),
      `The answer "${right}" is none of the choices.`,
      `They are: ${listed.join(', ')}.`,
    )
  return { question: String(question), choices: listed, answer: right, why: String(why) }
}
