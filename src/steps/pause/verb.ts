import type { FacedVerb } from '../../export/verb-faces.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import { parseDuration } from '../../util/duration.ts'
import { isMapping, textOf } from '../input.ts'

/** The longest pause, in milliseconds: what a timer of Node can count. */
const longest = 2 ** 31 - 1

/** Waits: for some time, or for somebody to press Enter. */
export const pause: FacedVerb = {
  verb: 'pause',
  traits: { waits: true },
  faces: {
    explain: () => import('./explain.ts'),
    shell: () => import('./shell.ts'),
    plain: () => import('./plain.ts'),
  },
  summary: 'Waits for some time, or asks a question and waits for Enter.',
  schema: {
    description: 'A duration, or a mapping with a question.',
    anyOf: [
      { $ref: '#/$defs/duration' },
      { $ref: '#/$defs/template' },
      {
        type: 'object',
        required: ['question'],
        additionalProperties: false,
        properties: {
          question: {
            type: 'string',
            minLength: 1,
            description: 'What is to be done or looked at before the recipe goes on.',
          },
        },
      },
    ],
  },
  example: '- pause: 2s\n',
  title: (input) => (isMapping(input) ? `pause: ${textOf(input.question)}` : `pause ${textOf(input)}`),
  sets: () => [],
  untimed: true,
  check(input, report) {
    if ((parseDuration(textOf(input)) ?? 0) > longest) report([], 'A pause takes at most 596h.')
  },
  async run(step, context) {
    if (isMapping(step.input)) {
      const question = context.renderText(step.input.question ?? '', ['question'])
      if (!(await context.ask(question)))
        context.notice(`Nobody is asked, so the recipe goes on: ${question}`)
      return
    }
    const text = context.renderText(step.input)
    const milliseconds = parseDuration(text)
    if (milliseconds === undefined || milliseconds > longest)
      throw new OsrunError(
        'VALUE_INVALID',
        phrase`A pause takes a duration of at most 596h, and got "${text}".`,
        {
          at: context.locate([]),
          hint: phrase`A number and a unit: 500ms, 2s, 5m, 1h.`,
        },
      )
    await context.wait(milliseconds)
  },
}
