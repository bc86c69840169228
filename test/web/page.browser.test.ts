import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPage, startBrowser, violations } from '../browser/opened.ts'
import { type ServedCommand, startServing } from './served.ts'

const folder = mkdtempSync(join(tmpdir(), 'osrun-page-'))
const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>"'</style>`
const quoted = JSON.stringify(evil)
writeFileSync(
  join(folder, 'evil.yaml'),
  `osrun: 1
name: ${quoted}
description: ${quoted}
tags: [${quoted}]
inputs:
  text: { type: string, default: ${quoted}, description: ${quoted} }
steps:
  - authenticate:
    name: ${quoted}
    note: ${quoted}
    quiz: { question: ${quoted}, choices: [${quoted}, other], answer: other, why: ${quoted} }
  - pick-endpoint: object-store
  - request:
      method: PUT
      url: "\${endpoint}/photos/\${text}"
      headers: { X-Object-Meta-Evil: "\${text}" }
      body: ""
    defer:
      - request: DELETE \${endpoint}/photos/\${text}
  - request: GET \${endpoint}/photos?format=json
    capture: { found: "$[*].name" }
  - pause: { question: ${quoted} }
  - assert: { body: ${quoted} }
`,
)
writeFileSync(
  join(folder, 'lesson.yaml'),
  `osrun: 1
name: A lesson
steps:
  - authenticate:
    name: Log in
    note: The token comes in a *header*, and \`jq\` writes the body.
    quiz:
      question: Which header?
      choices: [X-Auth-Token, X-Subject-Token]
      answer: X-Subject-Token
      why: It is the token that the answer is about.
  - pick-endpoint: object-store
    name: Find the object store
    quiz: { question: Which interface?, choices: [public, admin], answer: public, why: It is for everybody. }
practice:
  task: Make the container **mine**.
  hint: A \`PUT\` makes it.
  check:
    - authenticate:
    - pick-endpoint: object-store
    - request: HEAD \${endpoint}/mine
`,
)
afterAll(() => rmSync(folder, { recursive: true }))

const mainButton = (page: Page) => page.locator('.toolbar .main')
const stepOf = (page: Page, number: number) => page.locator('.steps .step').nth(number - 1)
const verdict = (page: Page) => page.locator('.verdict').textContent()
const runAll = (page: Page) => page.getByRole('button', { name: 'Run all' }).click()
const run = async (page: Page, number: number): Promise<void> => {
  await mainButton(page).click()
  await expect.poll(() => stepOf(page, number).getAttribute('class')).toContain('passed')
}

describe('the page of osrun learn --web in Chromium', () => {
  let browser: Browser
  let served: ServedCommand
  beforeAll(async () => {
    const recipes = ['recipes/object-metadata.yaml', 'recipes/token-revoke.yaml']
    const own = [join(folder, 'lesson.yaml'), join(folder, 'evil.yaml')]
    ;[browser, served] = await Promise.all([
      startBrowser(),
      startServing(['learn', '--web', ...recipes, ...own]),
    ])
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await served?.stop()
  })

  test('goes through the guide step by step, with request, curl, answer and what the context gains', async () => {
    await using opened = await openPage(browser, served.url)
    const { page, troubles } = opened
    await stepOf(page, 1).waitFor()
    expect(await page.locator('.details .curl').textContent()).toContain('"$OS_AUTH_URL/auth/tokens"')
    await run(page, 1)
    expect(await page.locator('.context').textContent()).toContain('scoped to the project "workshop"')
    expect(await page.locator('.details .telling').allTextContents()).toContain('X-Subject-Token***')
    await run(page, 2)
    expect(await page.locator('.context').textContent()).toContain('/v1/AUTH_')
    await run(page, 3)
    expect(await page.locator('.details h2').textContent()).toContain(
      'HEAD ${endpoint}/${container}/${object}',
    )
    expect(await page.locator('.details .answer').textContent()).toBe('200 OK')
    expect(await page.locator('.context .new').textContent()).toContain('size')
    await page.locator('.details .copy').click()
    await expect.poll(() => page.locator('.details .copy').textContent()).toBe('Copied')
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(
      `curl -I "$endpoint/photos/fullsize/ovh-summit-2014-backstage-DS.jpg" -H "X-Auth-Token: $token"`,
    )
    await run(page, 4)
    await run(page, 5)
    await expect.poll(() => verdict(page)).toMatch(/^Passed: 4 requests, 1 token made, 1 revoked/)
    expect(await page.locator('.context').textContent()).toContain('revoked')
    expect(await page.locator('.lesson[aria-current]').textContent()).toContain('✓')
    expect(troubles).toEqual([])
  })

  test('runs all, and puts back', async () => {
    await using opened = await openPage(browser, served.url)
    const { page, troubles } = opened
    await stepOf(page, 1).waitFor()
    await runAll(page)
    await expect.poll(() => verdict(page)).toMatch(/^Passed/)
    expect(await page.locator('.steps .step.passed').count()).toBe(5)
    await page.getByRole('button', { name: 'Reset' }).click()
    await expect.poll(() => verdict(page)).toBe('5 steps, none run yet.')
    expect(await page.locator('.steps .step.passed').count()).toBe(0)
    await page.getByRole('button', { name: 'Revoke a token' }).click()
    await expect.poll(() => page.locator('h1').textContent()).toBe('Revoke a token')
    expect(troubles).toEqual([])
  })

  test('shows what went wrong', async () => {
    await using opened = await openPage(browser, served.url)
    const { page } = opened
    await stepOf(page, 1).waitFor()
    await page.getByText('Inputs').click()
    await page.getByRole('textbox', { name: 'object' }).fill('none.jpg')
    await page.getByRole('button', { name: 'Use these' }).click()
    await expect.poll(() => page.locator('.context').textContent()).toContain('none.jpg')
    await runAll(page)
    await expect.poll(() => verdict(page)).toMatch(/^Did not pass/)
    expect(await page.locator('.details .card').textContent()).toContain('STATUS_UNEXPECTED')
    expect(await page.locator('.details .answer').textContent()).toContain('404')
  })

  test('breaks the cloud for this tab alone, and tells when that is over', async () => {
    await using opened = await openPage(browser, served.url)
    const { page, context, troubles } = opened
    await stepOf(page, 1).waitFor()
    await page.getByText('Break the cloud').click()
    await page.getByLabel('The value of skewed-clock').fill('soon')
    await page.getByRole('checkbox', { name: 'skewed-clock' }).click()
    await expect
      .poll(() => page.locator('.card').textContent())
      .toContain('skewed-clock takes a duration with a unit')
    expect(await page.getByRole('checkbox', { name: 'skewed-clock' }).isChecked()).toBe(false)
    await page.getByRole('checkbox', { name: 'rate-limit' }).check()
    await page.getByRole('checkbox', { name: 'lower-case-headers' }).check()
    await expect.poll(() => page.locator('.broken').textContent()).toBe('rate-limit, lower-case-headers')
    expect(await page.locator('.card').count()).toBe(0)
    await runAll(page)
    await expect.poll(() => verdict(page)).toMatch(/^Did not pass/)
    expect(await page.locator('.details .answer').textContent()).toContain('429')
    expect(await page.locator('.details .headers').last().textContent()).toContain('retry-after')
    // It was to happen once.
    expect(await page.locator('.broken').textContent()).toBe('lower-case-headers')
    await page.getByRole('checkbox', { name: 'lower-case-headers' }).uncheck()
    await runAll(page)
    await expect.poll(() => verdict(page)).toMatch(/^Passed/)
    await page.getByRole('checkbox', { name: 'empty-catalog' }).check()
    const other = await context.newPage()
    await other.goto(served.url)
    await runAll(other)
    await expect.poll(() => verdict(other)).toMatch(/^Passed/)
    expect(troubles).toEqual([])
  })

  test('needs nothing but a keyboard', async () => {
    await using opened = await openPage(browser, served.url)
    const { page } = opened
    const { keyboard } = page
    const focused = () => page.evaluate<string>('document.activeElement.textContent.trim()')
    await stepOf(page, 1).waitFor()
    await keyboard.press('Tab')
    expect(await focused()).toBe('To the steps')
    await keyboard.press('Enter')
    await keyboard.press('Tab')
    expect(await focused()).toBe('Run step')
    for (const number of [1, 2, 3]) {
      await keyboard.press('Enter')
      await expect.poll(() => stepOf(page, number).getAttribute('class')).toContain('passed')
      expect(await focused()).toBe('Run step')
    }
    while (!(await focused()).includes('authenticate')) await keyboard.press('Tab')
    await keyboard.press('ArrowDown')
    await keyboard.press('ArrowDown')
    expect(await focused()).toContain('HEAD')
    await keyboard.press('Home')
    await keyboard.press('Enter')
    expect(await page.locator('.details h2').textContent()).toBe('authenticate')
    await keyboard.press('Shift+Tab')
    while ((await focused()) !== 'Run all') await keyboard.press('Shift+Tab')
    await keyboard.press('Space')
    await expect.poll(() => verdict(page)).toMatch(/^Passed/)
  })

  test('asks before a step, sets a task before it cleans up, and looks whether it is done', async () => {
    await using opened = await openPage(browser, served.url)
    const { page, troubles } = opened
    await stepOf(page, 1).waitFor()
    await page.getByRole('button', { name: 'A lesson' }).click()
    await page.getByRole('radio', { name: 'X-Auth-Token' }).check()
    expect(await page.locator('.quiz [role=status]').textContent()).toContain('Not this one.')
    await page.getByRole('radio', { name: 'X-Subject-Token' }).check()
    expect(await page.locator('.quiz [role=status]').textContent()).toContain('Right.')
    expect(await page.locator('.markdown em').first().textContent()).toBe('header')
    await run(page, 1)
    // The next step asks something, and so is read before it is run.
    await mainButton(page).click()
    expect(await page.locator('.details h2').textContent()).toBe('Find the object store')
    await page.getByLabel('public').check()
    await run(page, 2)
    await page.getByRole('button', { name: 'Is it done?' }).click()
    await expect.poll(() => page.locator('.practice [role=status]').textContent()).toContain('Not yet.')
    expect(await page.locator('.context').textContent()).toContain('expires in')
    await mainButton(page).click()
    await expect.poll(() => verdict(page)).toMatch(/^Passed/)
    expect(troubles).toEqual([])
  })

  test('shows hostile text as text, wherever it stands', async () => {
    await using opened = await openPage(browser, served.url)
    const { page, troubles } = opened
    await stepOf(page, 1).waitFor()
    await page.locator('.lesson').last().click()
    await expect.poll(() => page.locator('h1').textContent()).toBe(evil)
    await page.locator('.quiz input').first().check()
    for (const place of [
      '.about',
      '.steps',
      '.details h2',
      '.markdown',
      '.quiz legend',
      '.quiz [role=status]',
    ])
      expect(await page.locator(place).first().textContent(), place).toContain(evil)
    await runAll(page)
    await expect.poll(() => page.locator('.question').textContent()).toContain(evil)
    await mainButton(page).click()
    await expect.poll(() => verdict(page)).toMatch(/^Did not pass/)
    await stepOf(page, 4).click()
    for (const place of ['.context', '.details .body', '.lessons'])
      expect(await page.locator(place).last().textContent(), place).toContain('<script>alert(1)')
    expect(await page.locator('img, script:not([src="page.js"]), iframe, style').count()).toBe(0)
    expect(await page.title()).toContain(evil)
    expect(troubles).toEqual([])
  })

  test('lets no text become markup or code, even from within', async () => {
    await using opened = await openPage(browser, served.url)
    const { page, troubles } = opened
    await expect(page.evaluate('document.body.innerHTML = "<b>x</b>"')).rejects.toThrow(/TrustedHTML/)
    await expect(page.evaluate('fetch("http://127.0.0.1:9/")')).rejects.toThrow(/Failed to fetch/)
    expect(troubles.filter((trouble) => trouble.includes('Content Security Policy')).length).toBeGreaterThan(
      0,
    )
  })

  test('gives two tabs a run each, and a tab that is loaded again its own', async () => {
    await using opened = await openPage(browser, served.url)
    const { page, context } = opened
    const other = await context.newPage()
    await other.goto(served.url)
    await Promise.all([stepOf(page, 1).waitFor(), stepOf(other, 1).waitFor()])
    await run(page, 1)
    await runAll(other)
    await expect.poll(() => verdict(other)).toMatch(/^Passed/)
    expect(await verdict(page)).toBe('Waits before step 2 of 5.')
    await page.reload()
    await expect.poll(() => verdict(page)).toBe('Waits before step 2 of 5.')
    await run(page, 2)
  })

  test.each(['light', 'dark'] as const)(
    'is found accessible by axe in the %s scheme',
    async (colorScheme) => {
      await using opened = await openPage(browser, served.url, {
        colorScheme,
        bypassCSP: true,
        reducedMotion: 'reduce',
      })
      const { page } = opened
      await stepOf(page, 1).waitFor()
      expect(await violations(page)).toEqual([])
      await page.getByRole('button', { name: 'A lesson' }).click()
      await page.getByRole('radio', { name: 'X-Auth-Token' }).check()
      expect(await violations(page)).toEqual([])
      await runAll(page)
      await page.locator('.practice').waitFor()
      await stepOf(page, 1).click()
      for (const fold of await page.locator('summary').all()) await fold.click()
      expect(await violations(page)).toEqual([])
      await page.locator('.lesson').last().click()
      await expect.poll(() => page.locator('h1').textContent()).toBe(evil)
      await runAll(page)
      await page.locator('.question').waitFor()
      await mainButton(page).click()
      await expect.poll(() => verdict(page)).toMatch(/^Did not pass/)
      expect(await violations(page)).toEqual([])
    },
  )

  test.each([1280, 800, 390])('is no wider than %i pixels where that is what there is', async (width) => {
    await using opened = await openPage(browser, served.url, { viewport: { width, height: 800 } })
    const { page } = opened
    await stepOf(page, 1).waitFor()
    await runAll(page)
    await expect.poll(() => verdict(page)).toMatch(/^Passed/)
    await stepOf(page, 1).click()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
  })

  test('tells when the server is gone, which ends without a fault', async () => {
    const own = await startServing(['learn', '--web', 'recipes/object-metadata.yaml'])
    await using opened = await openPage(browser, own.url)
    const { page } = opened
    await stepOf(page, 1).waitFor()
    await run(page, 1)
    const { status, stdout, stderr } = await own.stop()
    expect([status, stdout]).toEqual([0, `${own.url}\n`])
    expect(stderr).not.toMatch(/[A-Z]+_[A-Z]+/)
    await expect.poll(() => page.getByText('The server is not there.').isVisible()).toBe(true)
  })
})
