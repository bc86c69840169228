import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { htmlReporter } from '../../src/report/html/html.ts'
import { madeUpSuite, written } from './made-up-suite.ts'
import { shapes } from './suite-shapes.ts'

test('the policy names the hashes of the one style and the one script, and nothing else may run', async () => {
  const text = await written(htmlReporter, madeUpSuite(shapes.evil))
  const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(text) ?? []
  const hashes = ['style', 'script'].map((name) => {
    const [, content = ''] = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(text) ?? []
    return `sha256-${createHash('sha256').update(content).digest('base64')}`
  })
  expect(policy).toContain('default-src &#39;none&#39;')
  for (const hash of hashes) expect(policy).toContain(hash)
  expect(policy).not.toMatch(/unsafe|https?:|\*/)
})

test('what ended a run is told also where every step of it may fail', async () => {
  const problem = {
    code: 'INTERRUPTED',
    message: 'The run was interrupted by SIGINT.',
    causes: [],
    from: 'run',
  } as const
  const events = [...madeUpSuite(shapes.one)].map((event) =>
    event.type === 'run:end'
      ? { ...event, result: { ...event.result, status: 'interrupted' as const, exit: 130 as const, problem } }
      : event,
  )
  const text = await written(htmlReporter, events)
  expect(text.slice(text.indexOf('What did not pass'))).toContain(problem.message)
})
