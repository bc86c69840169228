import { expect, test } from 'vitest'
import { recipeOf } from '../run/on-sandbox.ts'
import { exported } from './exported.ts'

// An item comes before the title of its round, which keeps what is set by then.
test.each([
  ['items', 0],
  ['item', 1],
])(
  'the rounds of a step keep names at once only where what they defer reads the item: %s',
  async (name, times) => {
    const recipe = await recipeOf(`osrun: 1
name: Rounds
steps:
  - authenticate:
  - pick-endpoint: object-store
  - for-each: [a, b]
    request: PUT /rounds-\${item}
    capture: { items: headers.etag }
    defer: [{ request: "DELETE /rounds-\${${name}}" }]
`)
    const script = await exported(recipe)
    expect(script).toContain(`defer deferred_3 endpoint ${name}`.replace('endpoint ', ''))
    expect(script.split('# --- The steps ---')[1]?.match(/^ +keep$/gm) ?? []).toHaveLength(times)
  },
)
