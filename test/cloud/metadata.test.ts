import { spawnSync } from 'node:child_process'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createCurlTransport } from '../../src/library/curl.ts'
import { createTransport } from '../../src/library/index.ts'
import { exported, runScript } from '../export/shell.ts'
import { recipeOf, runToEnd } from '../run/on-sandbox.ts'
import { cloudOf, environment } from './cloud.ts'

const metadata = 'gr\u00fc\u00dfe \u65e5\u672c \ud83d\ude00'
const recipe = await recipeOf(`osrun: 1
name: Metadata that is not ASCII
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request:
      url: PUT \${endpoint}/osrun-metadata-\${run.id}
      headers: { X-Container-Meta-Words: ${metadata} }
    defer: [{ request: "DELETE \${endpoint}/osrun-metadata-\${run.id}" }]
  - request:
      url: PUT \${endpoint}/osrun-metadata-\${run.id}/object
      headers: { X-Object-Meta-Words: ${metadata} }
    defer: [{ request: "DELETE \${endpoint}/osrun-metadata-\${run.id}/object" }]
  - request: HEAD \${endpoint}/osrun-metadata-\${run.id}
  - assert: { headers: { x-container-meta-words: ${metadata} } }
  - request: HEAD \${endpoint}/osrun-metadata-\${run.id}/object
  - assert: { headers: { x-object-meta-words: ${metadata} } }
`)

describe.each([
  ['undici', createTransport],
  ['curl', createCurlTransport],
] as const)('by %s', (_name, make) => {
  test('metadata goes to Swift as UTF-8 and comes back, as the printed line sends it', async () => {
    const cloud = await cloudOf(environment)
    const transport = make({ tls: cloud.tls, environment: { PATH: process.env.PATH } })
    onTestFinished(() => transport.close())
    const { events, result } = await runToEnd(recipe, { cloud, environment, transport })
    expect(result.problem).toBeUndefined()
    const lines = events.flatMap((event) => (event.type === 'exchange' ? [event.curl] : []))
    const put = lines.find((line) => line.includes('X-Object-Meta-Words')) ?? ''
    const { stdout } = spawnSync('sh', ['-c', put.replace('curl', 'printf "%s\\n"')], {
      env: { PATH: process.env.PATH },
      encoding: 'utf8',
    })
    expect(stdout).toContain(`X-Object-Meta-Words: ${metadata}\n`)
  })
})

test('a script sends and compares the same', async () => {
  const { status, stderr } = await runScript(
    await exported(recipe, await cloudOf(environment)),
    ['dash'],
    environment,
  )
  expect([status, stderr]).toEqual([0, ''])
})
