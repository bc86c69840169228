import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { assertNoSecret } from '../secrets/canary.ts'
import type { OpenTerminal, Terminal } from './terminal.ts'

const recipe = (status: string | number): string => `osrun: 1
name: Stopped
steps:
  - authenticate:
  - pick-endpoint: object-store
  - id: make
    request: PUT /stopped
    defer: [{ request: DELETE /stopped }]
  - id: judge
    request: { url: GET /stopped, expect: ${status} }
`

/** Types a line at the prompt that is shown, and gives what is said until the next one. */
async function told(terminal: Terminal, line: string): Promise<string> {
  terminal.press(`${line}\r`)
  // Some versions of Node draw it anew, in its place, when a line is longer than the screen is wide.
  return `${await terminal.shows('\n(osrun) ')}\n`
}

/** How the prompt of `--break` is on a terminal that is opened so. */
export function describePrompt(openTerminal: OpenTerminal): void {
  describe('on a terminal', { timeout: 120_000 }, () => {
    let sandbox: Sandbox
    let home: string
    beforeEach(async () => {
      sandbox = await startSandbox({ record: true })
      home = mkdtempSync(join(tmpdir(), 'osrun-prompt-'))
    })
    afterEach(async () => {
      await sandbox.close()
      rmSync(home, { recursive: true })
    })

    function write(status: string | number): string {
      const file = join(home, 'stopped.yaml')
      writeFileSync(file, recipe(status))
      return file
    }

    const environment = (): Readonly<Record<string, string>> => ({
      ...sandbox.environment,
      XDG_STATE_HOME: home,
    })
    const open = (...args: readonly string[]): Terminal => openTerminal(['run', ...args], environment())
    const sent = (method: string): readonly string[] =>
      sandbox.requests
        .filter((request) => request.method === method)
        .map(({ path }) => path.split('/').slice(3).join('/'))
    test('it stops before a step; values are masked, the curl line and a request of its own are shown', async () => {
      await using terminal = open(write(204), '--break', 'judge')
      const before = await terminal.shows('(osrun) ')
      expect(before).toContain('stopped before judge (')
      expect(sent('PUT')).toEqual(['stopped'])
      expect(sent('GET')).not.toContain('stopped')

      expect(await told(terminal, 'print token')).toMatch(/^print token\n\*\*\*\n$/)
      expect(await told(terminal, 'print response.status')).toContain('\n201\n')
      expect(await told(terminal, 'p responze')).toContain('Did you mean response?')
      expect(await told(terminal, 'print env.OS_PASSWORD')).toContain('\n***\n')
      const curl = await told(terminal, 'curl')
      expect(curl).toMatch(
        /^# last\ncurl -i -X PUT "\$endpoint\/stopped" .*\$token.*\n# next\ncurl -i "\$endpoint\/stopped" .*\$token.*$/m,
      )
      expect(await told(terminal, 'where')).toMatch(/^> judge /m)
      expect(await told(terminal, 'nonsense')).toContain('There is no command nonsense')
      expect(await told(terminal, '')).toBe('\n')

      await told(terminal, 'request GET /absent')
      expect(sent('GET')).toContain('absent')
      expect(await told(terminal, 'print response.status')).toContain('\n404\n')

      terminal.press('continue\r')
      expect(await terminal.status()).toBe(0)
      expect(sent('DELETE')).toContain('stopped')
      expect(sandbox.liveTokens()).toEqual([])
      assertNoSecret(terminal.text(), 'the terminal')
    })

    test('next stops at the step after it, and Tab completes', async () => {
      await using terminal = open(write(204), '--break', 'pick-endpoint-1')
      await terminal.shows('stopped before pick-endpoint-1')
      await terminal.shows('(osrun) ')
      expect(await told(terminal, 'curl')).toMatch(/# next\n# this step sends nothing\n/)
      terminal.press('ne\t\r')
      await terminal.shows('stopped before make')
      await terminal.shows('(osrun) ')
      expect(sent('PUT')).toEqual([])
      terminal.press('c\r')
      expect(await terminal.status()).toBe(0)
    })

    test('a failed step is tried again, when its file is good again', async () => {
      const file = write(418)
      await using terminal = open(file, '--break', 'failure')
      await terminal.shows('stopped, since it did not pass: judge')
      await terminal.shows('(osrun) ')

      writeFileSync(file, 'osrun: 1\nsteps: [\n')
      expect(await told(terminal, 'retry')).toContain('RECIPE_SYNTAX ')
      writeFileSync(file, recipe('nonsense'))
      expect(await told(terminal, 'retry')).toContain('RECIPE_INVALID ')
      writeFileSync(file, recipe(204).replace('id: judge', 'id: judged'))
      expect(await told(terminal, 'retry')).toContain('no step "judge" any more')
      rmSync(file)
      expect(await told(terminal, 'retry')).toContain('RECIPE_UNREADABLE ')
      write(419)
      terminal.press('retry\r')
      await terminal.shows('stopped, since it did not pass: judge')
      await terminal.shows('(osrun) ')
      write(204)
      terminal.press('retry\r')
      expect(await terminal.status()).toBe(0)

      expect(sent('PUT')).toEqual(['stopped'])
      expect(sent('DELETE')).toContain('stopped')
      expect(sandbox.liveTokens()).toEqual([])
      expect(terminal.text()).not.toMatch(/^ +at .*:\d+:\d+\)?$/m)
    })

    test('a script that an edited recipe has is refused as at the start', async () => {
      const file = write(418)
      await using terminal = open(file, '--break', 'failure')
      await terminal.shows('(osrun) ')
      writeFileSync(file, recipe(204).replace(/request: \{ url: GET.*\n/, `run: touch ${home}/ran\n`))
      expect(await told(terminal, 'retry')).toContain('RUN_REFUSED ')
      terminal.press('quit\r')
      expect(await terminal.status()).toBe(1)
      expect(() => statSync(join(home, 'ran'))).toThrow()
    })

    test.each([
      ['quit', 'quit\r'],
      ['Ctrl-D', '\u0004'],
      ['Ctrl-C', '\u0003'],
    ])('%s ends the run, and all that it made is deleted', async (_name, keys) => {
      await using terminal = open(write(204), '--break', 'judge')
      await terminal.shows('(osrun) ')
      expect(sandbox.liveTokens()).toHaveLength(1)
      terminal.press(keys)
      expect(await terminal.status()).toBe(130)
      expect(sent('GET')).not.toContain('stopped')
      expect(sent('DELETE')).toContain('stopped')
      expect(sandbox.liveTokens()).toEqual([])
    })

    test('whoever leaves at a failure gets its status', async () => {
      await using terminal = open(write(418), '--break', 'failure')
      await terminal.shows('(osrun) ')
      terminal.press('\u0004')
      expect(await terminal.status()).toBe(4)
      expect(sent('DELETE')).toContain('stopped')
    })

    test('--read-only holds at the prompt', async () => {
      const file = join(home, 'reading.yaml')
      writeFileSync(
        file,
        'osrun: 1\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n  - id: list\n    request: GET /\n',
      )
      await using terminal = open(file, '--break', 'list', '--read-only')
      await terminal.shows('(osrun) ')
      expect(await told(terminal, 'request PUT /forbidden')).toContain('READ_ONLY')
      expect(sent('PUT')).toEqual([])
      terminal.press('c\r')
      expect(await terminal.status()).toBe(0)
    })

    test('lines are kept for their owner alone, and no secret that was typed', async () => {
      const history = join(home, 'osrun', 'prompt', 'history')
      const password = sandbox.environment.OS_PASSWORD ?? ''
      mkdirSync(join(home, 'osrun', 'prompt'), { recursive: true })
      writeFileSync(history, 'where\n')
      chmodSync(history, 0o644)
      await using terminal = open(write(204), '--break', 'judge')
      await terminal.shows('(osrun) ')
      terminal.press('\u001b[A')
      await terminal.shows('(osrun) where')
      expect(await told(terminal, '')).toContain('> judge')
      await told(terminal, `request GET /${password}`)
      const token = sandbox.liveTokens()[0] ?? ''
      await told(terminal, `print ${token}`)
      terminal.press('c\r')
      expect(await terminal.status()).toBe(0)
      const kept = readFileSync(history, 'utf8')
      expect(kept).toBe('c\nprint ***\nrequest GET /***\nwhere\n')
      expect(statSync(history).mode & 0o777).toBe(0o600)
    })
  })
}
