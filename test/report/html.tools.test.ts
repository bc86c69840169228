import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startProcess } from '../cli/osrun-process.ts'

test('osrun writes the page, with what its build made of style and script', async () => {
  const { stdout, status } = await startProcess([
    '--sandbox',
    '--report',
    'html=-',
    'recipes/object-metadata.yaml',
  ]).ended
  expect(status).toBe(0)
  expect(stdout).toMatch(/^<!doctype html>\n<html lang="en">/)
  expect(stdout.length).toBeLessThan(60_000)
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(stdout) ?? []
  const sources = ['base', 'page'].map((name) => readFileSync(`src/report/html/${name}.css`, 'utf8').length)
  expect(style.length).toBeLessThan(sources.reduce((sum, length) => sum + length))
})
