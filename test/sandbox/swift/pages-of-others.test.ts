import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts'
import { type Asking, asLearner } from './learner.ts'

let sandbox: Sandbox
let ask: Asking
const from = { Origin: 'https://pages.example' }
beforeAll(async () => {
  sandbox = await startSandbox()
  ask = await asLearner(sandbox)
  await ask('PUT', '/all', { 'X-Container-Meta-Access-Control-Allow-Origin': '*' })
  await ask('PUT', '/some', {
    'X-Container-Meta-Access-Control-Allow-Origin': 'https://pages.example http://two.example',
    'X-Container-Meta-Access-Control-Max-Age': '60',
    'X-Container-Meta-Access-Control-Expose-Headers': 'X-Extra',
  })
  await ask('PUT', '/none')
  for (const name of ['all', 'some', 'none'])
    await ask('PUT', `/${name}/o`, { 'X-Object-Meta-Colour': 'blue' })
})
afterAll(() => sandbox.close())

test('a browser may ask first', async () => {
  const asked = {
    ...from,
    'Access-Control-Request-Method': 'PUT',
    'Access-Control-Request-Headers': 'x-a, x-b',
  }
  const answer = await ask('OPTIONS', '/some/o', asked)
  expect(answer.status).toBe(200)
  expect(answer.header('Access-Control-Allow-Origin')).toBe('https://pages.example')
  expect(answer.header('Access-Control-Allow-Methods')).toBe('PUT, POST, DELETE, GET, HEAD, OPTIONS, COPY')
  expect(answer.header('Access-Control-Allow-Headers')).toBe('x-a, x-b')
  expect(answer.header('Access-Control-Max-Age')).toBe('60')
  expect((await ask('OPTIONS', '/all/o', asked)).header('Access-Control-Allow-Origin')).toBe('*')
})

test.each([
  ['/none/o', { ...from, 'Access-Control-Request-Method': 'GET' }],
  ['/some/o', { Origin: 'https://other.example', 'Access-Control-Request-Method': 'GET' }],
  ['/some/o', from],
  ['/some/o', { ...from, 'Access-Control-Request-Method': 'LICK' }],
] as const)('of %s with %o it is told no', async (path, headers) => {
  expect((await ask('OPTIONS', path, headers)).status).toBe(401)
})

test('an answer may be read where the container says so', async () => {
  const answer = await ask('GET', '/some/o', from)
  expect(answer.header('Access-Control-Allow-Origin')).toBe('https://pages.example')
  expect(answer.header('Vary')).toBe('Origin')
  const exposed = answer.header('Access-Control-Expose-Headers')?.split(', ')
  expect(exposed).toEqual(expect.arrayContaining(['etag', 'x-object-meta-colour', 'x-extra']))
  expect((await ask('GET', '/all/o', from)).header('Access-Control-Allow-Origin')).toBe('*')
  expect((await ask('GET', '/none/o', from)).header('Access-Control-Allow-Origin')).toBeUndefined()
  expect((await ask('GET', '/some/o')).header('Access-Control-Allow-Origin')).toBeUndefined()
})
