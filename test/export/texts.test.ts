import type { Command } from 'unbash'
import { parse } from 'unbash'
import { beforeAll, describe, expect, test } from 'vitest'
import { helpers } from '../../src/export/shell/helpers/helpers.ts'
import { recipeOf } from '../run/on-sandbox.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { exported } from './exported.ts'
import { visit } from './own-part.ts'
import { kindsOfCloud, ownSecret, shippedScripts } from './shipped-scripts.ts'

// The functions that helpers are made of.
const shared = new Set(
  Object.values(helpers).flatMap(({ text }) =>
    [...text.matchAll(/^(\w+)\(\)/gm)].map(([, name = '']) => name),
  ),
)

describe.each(kindsOfCloud)('exported with %s', (kind) => {
  let scripts: ReadonlyMap<string, string>
  beforeAll(async () => {
    scripts = await shippedScripts(kind)
  })

  test.each(shippedRecipes)('%s is a script that reads well and holds no secret', (file) => {
    const script = scripts.get(file) ?? ''
    expect(parse(script).errors ?? []).toEqual([])
    expect(script).not.toContain(ownSecret)
    expect(script).not.toContain('shellcheck disable')
    // A mark of the exporter that nothing was put in for.
    expect(script).not.toMatch(/osrunvalue|%[A-Z_]{3,}%/)
  })

  test.each(shippedRecipes)(
    '%s has each function that it calls, once, and none that nothing calls',
    (file) => {
      const script = scripts.get(file) ?? ''
      const defined = [...script.matchAll(/^(\w+)\(\) \{/gm)].map(([, name = '']) => name)
      const words = new Set(script.replaceAll(/^ *#.*$|^\w+\(\)/gm, '').match(/\b[a-z]\w*\b/g))
      expect(defined).toEqual([...new Set(defined)])
      expect(defined.filter((name) => !words.has(name))).toEqual([])
      const commands = new Set<unknown>()
      visit(parse(script), (node) => {
        if (node.type === 'Command') commands.add((node as Command).name?.value)
      })
      const missing = [...shared].filter((name) => commands.has(name) && !defined.includes(name))
      // Only a request with --save leads to its call.
      expect(missing).toEqual(missing.includes('save') && !script.includes(' --save "') ? ['save'] : [])
    },
  )
})

test('a text of a recipe is never taken for a statement of its script', async () => {
  const scriptOf = async (word: string): Promise<string> => {
    const body = ['a', `${word} x`, ''].join('\\n')
    const steps = `  - authenticate:\n  - pick-endpoint: object-store\n  - request: { method: PUT, url: "\${endpoint}/photos/x", body: "${body}" }\n`
    return exported(await recipeOf(`osrun: 1\nname: Text\nsteps:\n${steps}`))
  }
  const plain = await scriptOf('b')
  for (const word of ['defer', 'recall', 'md5', 'sha256', 'certificate'])
    expect((await scriptOf(word)).replace(`${word} x`, 'b x'), word).toBe(plain)
})
