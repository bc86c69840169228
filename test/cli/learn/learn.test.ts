import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { needs } from '../../needs.ts'
import { loadRecipe, type Sandbox, startSandbox } from '../../run/on-sandbox.ts'
import { assertNoSecret } from '../../secrets/canary.ts'
import { runOsrun } from '../osrun.ts'
import { openScreen } from './screen.ts'

// Somebody types here, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 180_000 })

const lessons = readdirSync('recipes/course').sort()

describe('for an audience', () => {
  test('the whole course is played without a terminal, with every note, question and answer', async () => {
    const { status, stdout, stderr } = await runOsrun(['learn', '--auto=0s'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    for (const lesson of lessons) {
      const { name, steps } = await loadRecipe(`recipes/course/${lesson}`)
      expect(stdout).toContain(`\n  ${name}\n`)
      for (const { quiz } of steps) if (quiz !== undefined) expect(stdout).toContain(`✓ ${quiz.answer}\n`)
    }
    expect(stdout).not.toContain('✗')
    expect(stdout.match(/^ {2}Practice$/gm)).toHaveLength(lessons.length)
  })

  test.each(lessons)('%s is played by its number and by its name', async (file) => {
    const [, number = '', name = ''] = /^(\d+)-(.*)\.yaml$/.exec(file) ?? []
    const played = await Promise.all(
      [String(Number(number)), name].map((word) => runOsrun(['learn', '--auto=0s', word])),
    )
    const [first] = played
    expect(first?.stdout).toContain((await loadRecipe(`recipes/course/${file}`)).name)
    for (const { status, stdout } of played) {
      expect(status).toBe(0)
      expect(stdout.split('\n')[1]).toBe(first?.stdout.split('\n')[1])
    }
  })

  test('any recipe is played, with what the context gained', async () => {
    const { status, stdout } = await runOsrun(['learn', 'recipes/object-metadata.yaml', '--auto', '0s'])
    expect(status).toBe(0)
    expect(stdout).toContain('  + token, scoped to the project "workshop", expires in 60 min\n')
    expect(stdout).toContain('  + catalog, 2 services\n')
    expect(stdout).toContain('  + size = 190046\n')
    expect(stdout).toContain('▸ X-Subject-Token: ***')
    expect(stdout).toContain('1 token made, 1 revoked')
  })

  test('a step that does not pass ends the lesson with the status of a run', async () => {
    const { status, stdout } = await runOsrun([
      'learn',
      '--auto=0s',
      'recipes/object-metadata.yaml',
      '--input',
      'container=none',
    ])
    expect(status).toBe(4)
    expect(stdout).toContain('STATUS_UNEXPECTED')
    expect(stdout).toContain('1 token made, 1 revoked')
  })
})

describe('wrong usage', () => {
  test.each([
    ['without a terminal and without --auto', ['learn'], 1, 'USAGE_INVALID'],
    ['a pause that is none', ['learn', 'token', '--auto=soon'], 1, 'USAGE_INVALID'],
    ['a pause without its unit', ['learn', '--auto=3x'], 1, 'USAGE_INVALID --auto takes a duration'],
    ['a lesson that is not there', ['learn', '--auto=0s', '11'], 1, 'By number: 1 to 10'],
    ['a misspelt one', ['learn', '--auto=0s', 'tokn'], 1, 'Did you mean token?'],
    ['a card that is not there', ['learn', '--cards', '--auto=0s', 'tokn'], 1, 'There is no card "tokn"'],
    ['a file that is not there', ['learn', '--auto=0s', 'a/tokn.yaml'], 2, 'RECIPE_UNREADABLE'],
  ])('%s', async (_what, args, wanted, code) => {
    const { status, stdout, stderr } = await runOsrun(args)
    expect({ status, stdout }).toEqual({ status: wanted, stdout: '' })
    expect(stderr).toContain(code)
  })
})

describe('in a terminal', () => {
  needs('tmux', 'bash', 'zsh', 'fish')
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
  async function upTo(screen: ReturnType<typeof openScreen>): Promise<void> {
    for (const label of ['Send it', 'Go on', 'Go on', 'Send it', 'Go on', '201', 'Send it'])
      await screen.choose(label)
    await screen.prompt()
  }

  test.each([
    ['Quit', async (screen: ReturnType<typeof openScreen>) => screen.choose('Quit'), 0],
    ['Ctrl-C', async (screen: ReturnType<typeof openScreen>) => screen.press('C-c'), 0],
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

  test.each(['/usr/bin/bash', '/usr/bin/zsh', '/usr/bin/fish'])(
    '%s has the token in its environment, keeps no history, and comes back to the lesson',
    async (shell) => {
      await using screen = openScreen(onSandbox('metadata'), { SHELL: shell })
      writeFileSync(join(screen.home, '.bashrc'), 'HISTFILE=~/.kept\n')
      writeFileSync(
        join(screen.home, '.zshrc'),
        'HISTFILE=~/.kept HISTSIZE=9 SAVEHIST=9\nsetopt inc_append_history\n',
      )
      await upTo(screen)
      const [token = ''] = sandbox.liveTokens()
      await screen.choose('Give me a shell here')
      await screen.shows(/Set are:[\s\S]*\$token/)
      screen.type('printf "sum %s end\\n" "$token" | tr -d " \\n" | md5sum; echo "at $endpoint"')
      await screen.shows(new RegExp(`^at ${sandbox.url}/v1/AUTH_\\w+$`, 'm'))
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
