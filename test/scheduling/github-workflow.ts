import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { examples } from './stage.ts'

/** The text of the example for GitHub Actions. */
export const workflowText = readFileSync(`${examples}/github-actions.yaml`, 'utf8')

/** A step of its job. */
type Step = {
  readonly run?: string
  readonly uses?: string
  readonly env?: Readonly<Record<string, string>>
  readonly if?: string
}

/** That example, read. */
export const workflow = parse(workflowText) as {
  readonly jobs: {
    readonly check: { readonly env: Readonly<Record<string, string>>; readonly steps: readonly Step[] }
  }
}
