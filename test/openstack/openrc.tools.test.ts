import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { shell, values } from './openrc-values.ts'

test.each(values)('bash reads the same value: %s', (_name, text, value) => {
  const environment = { ...shell, PATH: process.env.PATH, LC_ALL: 'C.UTF-8' }
  const script = `${text}\nprintf %s "$A"`
  expect(execFileSync('bash', ['-c', script], { env: environment, encoding: 'utf8' })).toBe(value)
})
