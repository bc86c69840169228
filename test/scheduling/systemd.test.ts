import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { examples } from './stage.ts'
import { unitSettings } from './unit-settings.ts'

const service = readFileSync(`${examples}/osrun-smoke@.service`, 'utf8')
const settings = (name: string): readonly string[] => unitSettings(service, name)

test('systemd gives it more time than it takes for itself', () => {
  const minutes = (text = ''): number =>
    text.endsWith('s') ? Number.parseInt(text, 10) / 60 : Number.parseInt(text, 10)
  const [, deadline] = /--deadline (\S+)/.exec(settings('ExecStart')[0] ?? '') ?? []
  expect(minutes(settings('TimeoutStartSec')[0])).toBeGreaterThan(minutes(deadline) + 0.5)
  expect(minutes(settings('TimeoutStopSec')[0])).toBeGreaterThan(0.5)
})
