import axe from 'axe-core'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
import { pathOf } from '../lanes/packages.ts'

/** Starts Debian's Chromium, which may not have a sandbox of its own in a container whose user is root. */
export function startBrowser(): Promise<Browser> {
  const executablePath = pathOf('chromium')
  if (executablePath === undefined) throw new Error('Chromium is not in PATH.')
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}

/** A page that was opened, and everything that went wrong in it or left its server. */
export type Opened = AsyncDisposable & {
  readonly context: BrowserContext
  readonly page: Page
  readonly troubles: readonly string[]
}

/** Opens an address in a browser of its own. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], ...options })
  const page = await context.newPage()
  const troubles: string[] = []
  const [own = ''] = url.split('#')
  page.on('console', (message) => troubles.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('dialog', async (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`)
    await dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(own) && !request.url().startsWith('data:'))
      troubles.push(`request: ${request.url()}`)
  })
  await page.goto(url)
  return { context, page, troubles, [Symbol.asyncDispose]: () => context.close() }
}

/** What axe finds wrong with a page, which has to have been opened with `bypassCSP`. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } }
    const found = await axe.run()
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
}

type AxeViolation = { readonly id: string; readonly nodes: readonly { readonly html: string }[] }
