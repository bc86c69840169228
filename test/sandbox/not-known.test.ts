import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { account, ask, login } from './ask.ts'

let sandbox: Sandbox
let token = ''
beforeAll(async () => {
  sandbox = await startSandbox()
  token = await login(sandbox)
  await ask(sandbox, 'PUT', `${account}/kept`, {
    headers: { 'X-Auth-Token': token, 'X-Versions-Enabled': 'true', 'Content-Length': '0' },
  })
})
afterAll(() => sandbox.close())

const id = '1700000000.00000'

function sentence(what: string): string {
  return `The sandbox does not know ${what.startsWith('a ') ? '' : "Swift's "}${what}.`
}

test.each([
  ['GET', '/kept?versions&end_marker=b', {}, 'parameter end_marker of a listing of versions'],
  ['GET', '/kept?versions&marker=a&version_marker=null', {}, 'version_marker null'],
  ['PUT', `/kept/o?version-id=${id}&multipart-manifest=put`, {}, 'PUT of a version that is also a manifest'],
  ['PUT', '/kept/o?version-id=null', {}, 'PUT of the version null'],
  ['PUT', '/kept/o', { 'If-None-Match': '*' }, 'header If-None-Match of a PUT in a container with versions'],
  [
    'GET',
    `/kept/o?temp_url_sig=a&temp_url_expires=1`,
    { 'X-Web-Mode': 'true' },
    'header X-Web-Mode of a signed request',
  ],
] as const)('%s %s with %o is told to be unknown', async (method, path, headers, what) => {
  const answer = await ask(sandbox, method, `${account}${path}`, {
    headers: { 'X-Auth-Token': token, ...(method === 'PUT' && { 'Content-Length': '0' }), ...headers },
  })
  expect([answer.status, answer.body.toString()]).toEqual([501, sentence(what)])
})
