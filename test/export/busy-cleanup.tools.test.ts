import { expect, test } from 'vitest'
import { recipeOf, runToEnd } from '../run/on-sandbox.ts'
import { startSmallKeystone } from '../run/small-keystone.ts'
import { exported } from './exported.ts'
import { runScript, shells, startScript } from './shell.ts'

const recipe = await recipeOf('osrun: 1\nname: n\nsteps: [{ authenticate: }]\n')
const own = await recipeOf('osrun: 1\nname: n\nsteps: [{ authenticate: }, { revoke: }]\n')

test.each(shells.map((shell) => [shell.join(' '), shell] as const))(
  'under %s a token is revoked by a Keystone that is busy at first, as in osrun',
  async (_name, shell) => {
    for (const way of ['osrun', 'a script']) {
      const keystone = await startSmallKeystone({ busy: 1 })
      const cloud = await keystone.cloud()
      const ended =
        way === 'osrun'
          ? (await runToEnd(recipe, { cloud })).result.exit
          : (await runScript(await exported(recipe, cloud), shell, keystone.environment)).status
      expect([way, ended, keystone.revoked]).toEqual([way, 0, keystone.made])
    }
  },
)

test('a revocation that is a step of the recipe is sent once, and then again at the end', async () => {
  const keystone = await startSmallKeystone({
    busy: 2,
    other: (_, response) => void response.writeHead(401).end(),
  })
  const script = await exported(own, await keystone.cloud())
  const { status, stderr } = await runScript(script, shells[0] ?? ['dash'], keystone.environment)
  expect([status, keystone.revoked]).toEqual([6, keystone.made])
  expect(stderr).toMatch(
    /^revoke: Keystone answered 503 .*\nDELETE was answered 503; it is sent again in 1 s\.\n$/,
  )
})

test('a signal ends the wait', async () => {
  const keystone = await startSmallKeystone({ busy: 9 })
  const script = startScript(await exported(recipe, await keystone.cloud()), ['dash'], keystone.environment)
  await expect
    .poll(() => keystone.seen.filter(({ method }) => method === 'DELETE').length, { timeout: 15_000 })
    .toBe(2)
  script.signal('SIGTERM')
  const { status, stderr } = await script.ended
  expect([status, stderr]).toEqual([130, expect.stringContaining('left: no deferred step and live tokens')])
})
