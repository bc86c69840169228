import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFailed, test } from 'vitest'
import { loadRecipe } from '../../run/on-sandbox.ts'
import { assertNoSecret } from '../../secrets/canary.ts'
import { goThrough } from './go-through.ts'
import { openScreen } from './screen.ts'

const minutes = 60_000

describe('in a terminal', () => {
  test(
    'every card is done from its first step to its last, and shows no secret',
    async () => {
      const names = readdirSync('recipes/cards').sort()
      const cards = await Promise.all(names.map((name) => loadRecipe(`recipes/cards/${name}`)))
      await using screen = openScreen(['learn', '--cards'])
      onTestFailed(() => console.log(screen.text().slice(-2000)))
      for (const card of cards) {
        const { question, current } = await screen.prompt()
        expect(question).toBe('Which card?')
        expect(current).toContain(card.name)
        await screen.choose(current)
        await goThrough(screen, card)
      }
      expect(await screen.prompt()).toMatchObject({ question: 'Which card?', current: 'Leave' })
      await screen.choose('Leave')
      await screen.shows(/^status 0$/m)
      const progress = readFileSync(join(screen.home, 'state/osrun/learn/progress.json'), 'utf8')
      const places: readonly unknown[] = Object.values(JSON.parse(progress) as object)
      expect(places).toEqual(cards.map(() => ({ steps: 0, isDone: true, isPractised: false })))
      assertNoSecret(screen.text(), 'the cards')
    },
    5 * minutes,
  )
})
