import { expect } from 'vitest'
import type { Recipe } from '../../../src/model/recipe.ts'
import type { Screen } from './screen.ts'

/** Goes through a lesson or a card: answers every question rightly, sends everything, and goes on, also after a failure that is allowed. */
export async function goThrough(screen: Screen, { steps }: Recipe): Promise<void> {
  for (const step of steps) {
    if (step.quiz !== undefined) {
      const { question } = await screen.prompt()
      expect(step.quiz.question.startsWith(question)).toBe(true)
      await screen.choose(step.quiz.answer)
    }
    const before = await screen.prompt()
    if (before.question === 'Send it?') await screen.choose('Send it')
    expect((await screen.prompt()).question).toBe('What now?')
    await screen.choose('Go on')
  }
}
