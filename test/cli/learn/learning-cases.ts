import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../run/on-sandbox.ts'
import { assertNoSecret } from '../../secrets/canary.ts'
import type { OpenScreen, Screen } from './screen.ts'

/** The lesson on metadata, on a sandbox that records. */
export type MetadataLesson = {
  /** Goes through its first steps, the upload too. */
  upTo(screen: Screen): Promise<void>
  /** The words that begin it. */
  arguments(): readonly string[]
  sandbox(): Sandbox
}

/** How a learner goes through lessons on a screen that is opened so; `more` is said of the lesson on metadata. */
export function describeLearning(openScreen: OpenScreen, more?: (lesson: MetadataLesson) => void): void {
  // Somebody types here, on a machine that may have other things to do.
  describe('in a terminal', { timeout: 180_000 }, () => {
    let sandbox: Sandbox
    let folder: string
    beforeAll(async () => {
      sandbox = await startSandbox({ record: true })
      folder = mkdtempSync(join(tmpdir(), 'osrun-learn-'))
      const quoted = Object.entries(sandbox.environment).map(
        ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`,
      )
      writeFileSync(join(folder, 'openrc'), quoted.join(''), { mode: 0o600 })
    })
    afterAll(async () => {
      await sandbox.close()
      rmSync(folder, { recursive: true })
    })
    const onSandbox = (lesson: string): readonly string[] => [
      'learn',
      lesson,
      '--openrc',
      join(folder, 'openrc'),
    ]
    const deletions = (): number => sandbox.requests.filter(({ method }) => method === 'DELETE').length

    /** Goes through the first steps of the lesson on metadata, the upload too. */
    async function upTo(screen: Screen): Promise<void> {
      for (const label of ['Send it', 'Go on', 'Go on', 'Send it', 'Go on', '201', 'Send it'])
        await screen.choose(label)
      await screen.prompt()
    }

    test.each([
      ['Quit', async (screen: Screen) => screen.choose('Quit'), 0],
      ['Ctrl-C', async (screen: Screen) => screen.press('C-c'), 0],
    ])(
      '%s in the middle deletes what was made, revokes the token, and keeps how far one has come',
      async (_what, leave, status) => {
        const before = deletions()
        await using screen = openScreen(onSandbox('metadata'))
        await upTo(screen)
        expect(sandbox.liveTokens()).toHaveLength(1)
        await leave(screen)
        await screen.shows(new RegExp(`^status ${status}$`, 'm'))
        expect(sandbox.liveTokens()).toEqual([])
        // The object, the container, the token.
        expect(deletions() - before).toBe(3)
        expect(screen.text()).toContain('1 token made, 1 revoked')
        assertNoSecret(screen.text(), 'a lesson')
      },
    )

    more?.({ upTo, arguments: () => onSandbox('metadata'), sandbox: () => sandbox })

    test('one can look back, do a step again, skip one, see a whole response, and answer wrongly', async () => {
      await using screen = openScreen(['learn', 'token'])
      await screen.choose('In a cookie')
      await screen.shows(/✗ In a cookie, it is In a header/)
      await screen.choose('Send it')
      await screen.choose('Show the whole response')
      await screen.shows(/"expires_at"/)
      await screen.choose('Do it again')
      await screen.choose('Go on')
      await screen.choose('X-Auth-Token')
      await screen.choose('Back')
      await screen.choose('Log in')
      await screen.shows(/1\/4 Log in[\s\S]*expires in 60 min/)
      await screen.choose('Skip this step')
      await screen.shows(/Skipped\.[\s\S]*3\/4 Compare/)
      await screen.choose('Quit')
      await screen.shows(/2 tokens made, 2 revoked[\s\S]*^status 0$/m)
      assertNoSecret(screen.text(), 'a lesson')
    })

    test('a lesson goes on where it was left, with the steps before run again', async () => {
      await using screen = openScreen(['learn', 'scopes'])
      const left = screen.home
      for (const label of ['No, there', 'Send it', 'Go on', 'Go on', 'Quit']) await screen.choose(label)
      await screen.shows(/^status 0$/m)
      await using again = openScreen(['learn', 'scopes'], { XDG_STATE_HOME: join(left, 'state') })
      expect((await again.prompt()).question).toBe('You were at step 3 of 6.')
      await again.choose('Go on there')
      await again.shows(/✓ Log in without a project, as before[\s\S]*3\/6 List the projects/)
      await again.choose('Send it')
      await again.shows(/\+ name = archive/)
      await again.choose('Quit')
      await again.shows(/^status 0$/m)
    })
  })
}
