import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPage, startBrowser, violations } from '../browser/opened.ts'
import { startServing } from './served.ts'

const evil = '<script>alert(1)</script>'
const folder = mkdtempSync(join(tmpdir(), 'osrun-board-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the board of a class in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser?.close())

  test.each(['light', 'dark'] as const)('shows who learns, in the %s scheme', async (colorScheme) => {
    const recipe = join(folder, 'evil.yaml')
    writeFileSync(
      recipe,
      `osrun: 1\nname: '${evil}'\nsteps:\n  - authenticate:\n  - pick-endpoint: object-store\n`,
    )
    await using teacher = await startServing(['learn', '--board'])
    await using board = await openPage(browser, teacher.url, { colorScheme, bypassCSP: true })
    await board.page.getByText('Nobody has joined yet.').waitFor()
    expect(await violations(board.page)).toEqual([])
    const address =
      /'(http:[^']+)'/.exec((await board.page.locator('.curl code').textContent()) ?? '')?.[1] ?? ''
    expect(await board.page.locator('h1').textContent()).toBe(address.split('#')[1])
    await using learner = await startServing(['learn', '--web', '--board', address, '--as', evil, recipe])
    await board.page.getByText('joined', { exact: true }).waitFor()
    await using page = await openPage(browser, learner.url)
    await page.page.locator('.steps .step').first().waitFor()
    await page.page.getByRole('button', { name: 'Run step' }).click()
    await board.page.getByText('1 of 2').waitFor()
    await page.page.getByRole('button', { name: 'Run all' }).click()
    await board.page.getByText('✓ passed').waitFor()
    const row = await board.page.locator('tbody tr').textContent()
    expect(row).toBe(`${evil}${evil}2 of 2✓ passed1`)
    expect(await board.page.locator('[role=status]').textContent()).toBe(
      '1 joined, 0 at work, 1 passed, 0 failed',
    )
    expect(await violations(board.page)).toEqual([])
    expect(board.troubles).toEqual([])
    expect((await learner.stop()).status).toBe(0)
    expect((await teacher.stop()).status).toBe(0)
  })
})
