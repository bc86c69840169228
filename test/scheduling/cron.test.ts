import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseCrontab } from './crontab.ts'
import { examples } from './stage.ts'

test('the table has two jobs of the user osrun, at times that cron can read', () => {
  const { jobs } = parseCrontab(readFileSync(`${examples}/osrun.cron`, 'utf8'))
  expect(jobs).toHaveLength(2)
  for (const { when, user } of jobs) {
    expect(when).toMatch(/^(\*\/15 \*|\d{1,2} \d{1,2}) \* \* \*$/)
    expect(user).toBe('osrun')
  }
})
