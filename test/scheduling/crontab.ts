import { expect } from 'vitest'

/** The table of a crontab: its variables and its jobs. */
export type Crontab = {
  readonly environment: Readonly<Record<string, string>>
  readonly jobs: readonly { readonly when: string; readonly user: string; readonly command: string }[]
}

/** Reads a crontab as cron does: https://manpages.debian.org/bookworm/cron/crontab.5.en.html */
export function parseCrontab(text: string): Crontab {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const settings = lines.flatMap((line) => {
    const [, name, value = ''] = /^(\w+)=(.*)$/.exec(line) ?? []
    return name === undefined ? [] : [[name, value] as const]
  })
  const jobs = lines
    .filter((line) => !/^\w+=/.test(line))
    .map((line) => {
      const [, when = '', user = '', command = ''] = /^((?:\S+\s+){5})(\S+)\s+(.*)$/.exec(line) ?? []
      // A bare % would end the command; the rest would be its standard input.
      expect(command.replaceAll('\\%', '')).not.toContain('%')
      return { when: when.trim(), user, command: command.replaceAll('\\%', '%') }
    })
  return { environment: Object.fromEntries(settings), jobs }
}
