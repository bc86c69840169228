import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { htmlReporter } from '../../src/report/html/html.ts'
import { type Opened, openPage, startBrowser, violations } from '../browser/opened.ts'
import { madeUpSuite, written } from './made-up-suite.ts'
import { evil, type ShapeName, shapes } from './suite-shapes.ts'

let browser: Browser
const folder = mkdtempSync(join(tmpdir(), 'osrun-html-'))
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true })
})

const fileOf = (name: string): string => join(folder, `${name}.html`)

const open = (name: string, options: BrowserContextOptions = {}, hash = ''): Promise<Opened> =>
  openPage(browser, `${pathToFileURL(fileOf(name)).href}${hash}`, options)

const shownSteps = (page: Page): Promise<number> => page.locator('.steps > li:not([hidden])').count()

describe('the page in Chromium', () => {
  beforeAll(async () => {
    for (const [name, shape] of Object.entries(shapes))
      writeFileSync(fileOf(name), await written(htmlReporter, madeUpSuite(shape)))
    browser = await startBrowser()
  })

  test.each(Object.keys(shapes) as ShapeName[])(
    '%s opens without an error, a dialog or a request',
    async (name) => {
      await using opened = await open(name)
      const { page, troubles } = opened
      const { recipes, steps } = shapes[name]
      expect(await shownSteps(page)).toBe(recipes * steps)
      await page.locator('#expand').click()
      expect(await page.locator('.step:not([open])').count()).toBe(0)
      const took = await page.evaluate<number>('performance.getEntriesByType("navigation")[0].duration')
      process.stderr.write(
        `${name}: ${readFileSync(fileOf(name)).length} bytes, loaded in ${Math.round(took)} ms\n`,
      )
      expect(troubles).toEqual([])
    },
  )

  test('what would run or be loaded if it got into the page is refused and told', async () => {
    const text = readFileSync(fileOf('one'), 'utf8')
    const breach = '<script>alert(1)</script><img src="http://127.0.0.1:9/x.png"><p style="color:red">'
    writeFileSync(fileOf('breach'), text.replace('<main', `${breach}<main`))
    await using opened = await open('breach')
    const refused = opened.troubles.filter((trouble) => trouble.includes('Content Security Policy'))
    expect(refused).toHaveLength(3)
    expect(opened.troubles.filter((trouble) => trouble.startsWith('dialog'))).toEqual([])
  })

  test('hostile text is shown as text, wherever it stands', async () => {
    await using opened = await open('evil')
    const { page } = opened
    expect(await page.title()).toContain('1 of 2 recipes did not pass')
    expect(await page.locator('img, iframe, object, body style, a:not([href^="#"])').count()).toBe(0)
    expect(await page.locator('script').count()).toBe(1)
    const places = [
      'h2',
      '.about p',
      '.tag',
      '.title',
      '.note',
      '.reason',
      '.notice',
      '.polls li',
      '.curl code',
    ]
    places.push(
      '.head',
      '.body',
      '.mismatch dt',
      '.expected code',
      '.found code',
      '.source',
      '.hint',
      '.problem',
    )
    for (const place of [...places, '.exchange .fact', '.value', '.place', '#tag option'])
      expect((await page.locator(place).allTextContents()).join(''), place).toContain(evil)
  })

  test('control characters are visible', async () => {
    await using opened = await open('control')
    const told = await opened.page.locator('.title').first().textContent()
    expect(told?.trim()).toContain('a\\u0000b\\e[2J\\u202ec\\nd')
    const source = readFileSync(fileOf('control'), 'utf8')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in the page
    expect(source).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202a-\u202e]/)
  })

  test.each(['forty', 'evil', 'control'] as const)(
    'the copy button of %s copies the exact curl line',
    async (name) => {
      await using opened = await open(name, {}, '#1.1')
      const { page } = opened
      await page.locator('[id="1.1"] .copy').click()
      await expect.poll(() => page.locator('[id="1.1"] .copy').textContent()).toBe('Copied')
      const copied = await page.evaluate<string>('navigator.clipboard.readText()')
      const [event] = [...madeUpSuite(shapes[name])].filter((one) => one.type === 'exchange')
      // The clipboard of the system holds no NUL.
      const wanted = event?.type === 'exchange' ? event.curl : ''
      expect(copied.replaceAll('\u0000', '')).toBe(wanted.replaceAll('\u0000', ''))
    },
  )

  test('filters choose by verdict, words and tag, and say how many are left', async () => {
    await using opened = await open('forty')
    const { page } = opened
    const failed = page.getByRole('button', { name: 'Failed' })
    const skipped = page.getByRole('button', { name: 'Skipped' })
    await failed.click()
    expect(await shownSteps(page)).toBe(1)
    await skipped.click()
    expect(await shownSteps(page)).toBe(5)
    expect(await page.getByRole('status').textContent()).toBe('5 of 40 steps')
    await failed.click()
    await skipped.click()
    await page.locator('#tag').selectOption({ label: 'read-only' })
    expect(await shownSteps(page)).toBe(16)
    await page.locator('#tag').selectOption({ label: 'all tags' })
    const search = page.getByRole('searchbox')
    // Bodies and headers are searched as well.
    await search.fill('TX000300000000000000007')
    await expect.poll(() => shownSteps(page)).toBe(1)
    await search.fill('no step has this')
    await expect.poll(() => page.locator('.empty').isVisible()).toBe(true)
    await search.press('Escape')
    expect(await shownSteps(page)).toBe(40)
    expect(await page.locator('.empty').isVisible()).toBe(false)
  })

  test('a filter leaves open afterwards what was open before', async () => {
    await using opened = await open('many')
    const { page } = opened
    const before = await page.locator('.recipe[open]').count()
    expect(before).toBe(20)
    await page.locator('[data-only=skipped]').click()
    await page.locator('[data-only=skipped]').click()
    expect(await page.locator('.recipe[open]').count()).toBe(before)
  })

  test('the keyboard alone searches, walks, opens and copies', async () => {
    await using opened = await open('forty')
    const { page } = opened
    const focused = () => page.evaluate('document.activeElement.closest("details")?.id')
    const { keyboard } = page
    await keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('To the steps')
    await keyboard.press('Enter')
    await keyboard.press('Tab')
    expect(await focused()).toBe('1')
    await keyboard.press('ArrowDown')
    await keyboard.press('ArrowDown')
    expect(await focused()).toBe('1.2')
    await keyboard.press('Enter')
    expect(await page.locator('[id="1.2"]').getAttribute('open')).toBe('')
    await keyboard.press('Tab')
    await keyboard.press('Tab')
    await keyboard.press('Enter')
    await expect
      .poll(() => page.evaluate<string>('navigator.clipboard.readText()'))
      .toContain('album-1/photo-2')
    await keyboard.press('/')
    await keyboard.type('photo-8')
    await expect.poll(() => shownSteps(page)).toBe(5)
  })

  test('a link to a step opens it, also where a filter hides it', async () => {
    await using opened = await open('many', {}, '#7.3')
    const { page } = opened
    const isSeen = () => page.locator('[id="7.3"] .curl').isVisible()
    await expect.poll(isSeen).toBe(true)
    await expect.poll(() => page.evaluate('document.activeElement.parentElement.id')).toBe('7.3')
    await page.locator('[data-only=failed]').click()
    expect(await isSeen()).toBe(false)
    await page.locator('.slow a').first().click()
    await page.goBack()
    await expect.poll(isSeen).toBe(true)
  })

  test('without JavaScript everything is there but the tools', async () => {
    await using opened = await open('forty', { javaScriptEnabled: false })
    const { page, troubles } = opened
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain(
      '1 of 5 recipes did not pass',
    )
    expect(await page.locator('.card .found').first().isVisible()).toBe(true)
    expect(await page.locator('.toolbar').isVisible()).toBe(false)
    expect(await page.locator('.copy').first().isVisible()).toBe(false)
    await page.locator('[id="2.1"] > summary').click()
    expect(await page.locator('[id="2.1"] .curl').isVisible()).toBe(true)
    expect(troubles).toEqual([])
  })

  test.each(['one', 'forty', 'evil'] as const)('%s is no wider than a telephone', async (name) => {
    await using opened = await open(name, { viewport: { width: 390, height: 800 } })
    const { page } = opened
    await page.locator('#expand').click()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
  })

  test.each(['light', 'dark'] as const)('axe finds nothing in the %s page', async (colorScheme) => {
    await using opened = await open('forty', { colorScheme, bypassCSP: true })
    const { page } = opened
    await page.locator('#expand').click()
    await page.getByRole('button', { name: 'Failed' }).click()
    await page.getByRole('button', { name: 'Failed' }).click()
    expect(await violations(page)).toEqual([])
  })
})
