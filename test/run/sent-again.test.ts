import { expect, test } from 'vitest'
import type { RunEvent } from '../../src/model/event.ts'
import type { HttpResponse } from '../../src/model/exchange.ts'
import { tell } from '../../src/run/send/tell.ts'
import { createMasker } from '../../src/secrets/masker.ts'

const request = {
  method: 'GET',
  url: 'https://store.example/v1/photos',
  headers: [['X-Note', 'blue-moon']],
} as const
const response: HttpResponse = {
  status: 200,
  headers: [],
  body: undefined,
  size: 0,
  md5: '',
  sha256: '',
  duration: 1,
}

test('the curl line of a request that is sent again has what was learned in between', async () => {
  const lines: string[] = []
  const masker = createMasker()
  const urlNames: { value: string; variable: string; secret: boolean }[] = []
  const link = tell({
    masker,
    cloud: undefined,
    reveal: false,
    explainCurl: false,
    urlNames,
    kept: new Set<string>(),
    emit: (event: RunEvent) => void (event.type === 'exchange' && lines.push(event.curl)),
    now: () => 0,
  })
  const send = link(async () => response)
  const errand = { id: 'step', notice() {} }
  const sendAgain = () => send(request, { errand, signal: new AbortController().signal })
  await sendAgain()
  urlNames.push({ value: 'https://store.example/v1', variable: 'endpoint', secret: false })
  await sendAgain()
  await sendAgain()
  masker.learn('blue-moon')
  await sendAgain()
  masker.learn('blue-moon', 'note')
  await sendAgain()
  expect(lines).toEqual([
    "curl -i https://store.example/v1/photos -H 'X-Note: blue-moon' -H Accept:",
    'curl -i "$endpoint/photos" -H \'X-Note: blue-moon\' -H Accept:',
    'curl -i "$endpoint/photos" -H \'X-Note: blue-moon\' -H Accept:',
    'curl -i "$endpoint/photos" -H \'X-Note: ***\' -H Accept:',
    'curl -i "$endpoint/photos" -H "X-Note: $note" -H Accept:',
  ])
})
