import { createHash } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assertNoSecret } from '../../secrets/canary.ts'
import { describeLearning } from './learning-cases.ts'
import { openScreen } from './screen.ts'

describeLearning(openScreen, (lesson) => {
  test.each(['/usr/bin/bash', '/usr/bin/zsh', '/usr/bin/fish'])(
    '%s has the token in its environment, keeps no history, and comes back to the lesson',
    async (shell) => {
      await using screen = openScreen(lesson.arguments(), { SHELL: shell })
      writeFileSync(join(screen.home, '.bashrc'), 'HISTFILE=~/.kept\n')
      writeFileSync(
        join(screen.home, '.zshrc'),
        'HISTFILE=~/.kept HISTSIZE=9 SAVEHIST=9\nsetopt inc_append_history\n',
      )
      await lesson.upTo(screen)
      const [token = ''] = lesson.sandbox().liveTokens()
      await screen.choose('Give me a shell here')
      await screen.shows(/Set are:[\s\S]*\$token/)
      screen.type('printf "sum %s end\\n" "$token" | tr -d " \\n" | md5sum; echo "at $endpoint"')
      await screen.shows(new RegExp(`^at ${lesson.sandbox().url}/v1/AUTH_\\w+$`, 'm'))
      const sum = createHash('md5').update(`sum${token}end`).digest('hex')
      expect(screen.text()).toContain(sum)
      screen.type('exit')
      expect((await screen.prompt()).question).toBe('What now?')
      const written = readdirSync(screen.home, { recursive: true }).map(String)
      expect(written.filter((name) => /kept|hist/i.test(name))).toEqual([])
      await screen.choose('Quit')
      await screen.shows(/^status 0$/m)
      assertNoSecret(screen.text(), 'a shell')
    },
  )
})
