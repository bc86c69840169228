import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cloudOf, loadRecipe, type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { exported, runScript, shells } from './shell.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox({ record: true })
})
afterEach(() => sandbox.close())

const files = readdirSync('recipes').filter((name) => name.endsWith('.yaml'))

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('under %s', (_name, shell) => {
  test.each(files)('%s passes as in osrun, and leaves no token', async (file) => {
    const recipe = await loadRecipe(`recipes/${file}`)
    for (const cloud of [undefined, await cloudOf(sandbox.environment)]) {
      const script = await exported(recipe, cloud)
      const { status, stdout, stderr } = await runScript(script, shell, sandbox.environment)
      expect(stderr).toBe('')
      expect(stdout).toMatch(/\npassed\n$/)
      expect(status).toBe(0)
      expect(sandbox.liveTokens()).toEqual([])
    }
  })
})
