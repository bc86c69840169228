import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderOf } from '../run/included.ts'

describe('the command', () => {
  const text = 'osrun: 1\nsteps:\n  - pause: { question: Plug it in. }\n'

  describe('on a terminal', () => {
    test.each([
      ['goes on after Enter', '', '\n', /Enter goes on[\s\S]*passed/, 0],
      ['ends by Ctrl-C', '', '\u0003', /Enter goes on[\s\S]*interrupted/, 130],
      ['asks nothing with --no-ask', ' --no-ask', '', /Nobody is asked[\s\S]*passed/, 0],
      ['asks nothing with --jobs', ' --jobs 2', '', /Nobody is asked[\s\S]*passed/, 0],
    ])('%s', async (_what, flag, keys, wanted, exit) => {
      const file = join(folderOf({ 'main.yaml': text }), 'main.yaml')
      const command = `${process.execPath} bin/osrun.cjs --sandbox${flag} ${file}`
      const child = spawn('script', ['-qefc', command, '/dev/null'], {
        env: { PATH: process.env.PATH, HOME: folderOf({}), TERM: 'xterm', SHELL: '/bin/sh' },
      })
      let shown = ''
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        if (!shown.includes('Enter goes on') && (shown + part).includes('Enter goes on'))
          child.stdin.write(keys)
        shown += part
      })
      const status = await new Promise((resolve) => child.on('close', resolve))
      expect(shown).toMatch(wanted)
      expect(status).toBe(exit)
    })
  })
})
