import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPage, startBrowser, violations } from '../browser/opened.ts'
import { type ServedCommand, startServing } from './served.ts'

/** What fails there is a script; one sees it in the answers. */
const seenOnly = 'The token is gone'

const verdict = (page: Page) => page.locator('.verdict').textContent()
const titles = (page: Page) => page.locator('.lesson').allTextContents()
const symptoms = (page: Page) => page.locator('.steps .step.allowed').count()
const runAll = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Run all' }).click()
  await expect.poll(() => verdict(page), { timeout: 30_000 }).toMatch(/^Passed/)
}

describe('osrun learn --web --cards in Chromium', () => {
  let browser: Browser
  let served: ServedCommand
  beforeAll(async () => {
    ;[browser, served] = await Promise.all([startBrowser(), startServing(['learn', '--web', '--cards'])])
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })

  test('has all cards, each with its fault alone, and axe finds nothing', async () => {
    await using opened = await openPage(browser, served.url, { bypassCSP: true })
    const { page } = opened
    await page.locator('.step').first().waitFor()
    expect(await titles(page)).toHaveLength(18)
    for (const title of await titles(page)) {
      await page.getByRole('button', { name: title, exact: true }).click()
      await expect.poll(() => page.locator('h1').textContent()).toBe(title)
      await runAll(page)
      expect([title, await symptoms(page)]).toEqual([title, title === seenOnly ? 0 : 1])
    }
    expect(await violations(page)).toEqual([])
  }, 180_000)

  test('asks what is broken, and does not tell before', async () => {
    await using opened = await openPage(browser, served.url)
    const { page, troubles } = opened
    await page.getByRole('button', { name: 'Only the first one fails', exact: true }).click()
    await expect.poll(() => page.locator('h1').textContent()).toBe('Only the first one fails')
    await runAll(page)
    expect(await symptoms(page)).toBe(1)
    expect(await page.locator('body').textContent()).not.toContain('rate-limit')
    await page.getByRole('button', { name: 'Reset' }).click()
    await expect.poll(() => verdict(page)).toMatch(/none run yet/)
    await page.getByRole('button', { name: 'Ask again' }).click()
    expect(await page.locator('.quiz legend').textContent()).toContain('What does the cloud want?')
    expect(troubles).toEqual([])
  }, 60_000)
})
