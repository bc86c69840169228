import { expect, test } from 'vitest'
import { cloudMessage, requestIdOf } from '../../src/openstack/error-envelope.ts'

const json = 'application/json'

test.each([
  [
    'Keystone',
    { error: { code: 401, title: 'Unauthorized', message: 'requires authentication' } },
    'requires authentication',
  ],
  ['OVHcloud', { error: { status: 429, message: 'Too many requests' } }, 'Too many requests'],
  ['keystoneauth', { error: { message: 'short', details: 'long' } }, 'short'],
  [
    'API-SIG',
    { errors: [{ status: 404, title: 'Not Found', detail: 'No such flavor' }] },
    'Not Found: No such flavor',
  ],
  ['Nova', { badRequest: { code: 400, message: 'Invalid input' } }, 'Invalid input'],
  [
    'Cinder',
    { itemNotFound: { message: 'Volume could not be found', code: 404 } },
    'Volume could not be found',
  ],
  ['Neutron', { NeutronError: { type: 'NetworkNotFound', message: 'No network', detail: '' } }, 'No network'],
  ['Ironic', { error_message: '{"faultstring": "Node not found", "debuginfo": null}' }, 'Node not found'],
  ['Ironic, in plain text', { error_message: 'Node not found' }, 'Node not found'],
  [
    'Heat',
    {
      code: 404,
      title: 'Not Found',
      explanation: 'The resource',
      error: { message: 'No stack', type: 'EntityNotFound' },
    },
    'No stack',
  ],
  ['a bare message', { message: 'No' }, 'No'],
  ['an error that is text', { error: 'No' }, 'No'],
])('the words of %s are found', (_name, body, message) => {
  expect(cloudMessage(JSON.stringify(body), json)).toBe(message)
})

test.each([
  [
    '<html><title>x</title><body><h1>Unauthorized</h1>\n<p>No &quot;token&quot; &amp; no.</p></body></html>',
    'text/html',
    'Unauthorized No "token" & no.',
  ],
  ['<html><h1>Not Found</h1></html>', '', 'Not Found'],
  ['412 Precondition Failed', 'text/plain; charset=UTF-8', '412 Precondition Failed'],
  ['{"error": {"message": "typed as text"}}', 'text/plain', 'typed as text'],
  ['{"broken', 'text/plain', '{"broken'],
  ['', json, undefined],
  ['  ', 'text/html', undefined],
  ['{}', json, undefined],
  ['[]', json, undefined],
  ['null', json, undefined],
  ['"x"', json, undefined],
  ['bytes', 'application/octet-stream', undefined],
])('%j as %s says %j', (body, type, message) => {
  expect(cloudMessage(body, type)).toBe(message)
})

test('words stay whole for whoever masks them, but for a book; deep or hostile bodies end', () => {
  expect(cloudMessage(JSON.stringify({ message: 'x  y'.repeat(2000) }), json)).toBe('x  y'.repeat(2000))
  expect(cloudMessage(JSON.stringify({ message: 'x'.repeat(1e6) }), json)).toHaveLength(65_536)
  expect(cloudMessage(`${'{"a":'.repeat(5000)}{"message":"deep"}${'}'.repeat(5000)}`, json)).toBeUndefined()
  expect(cloudMessage('<'.repeat(200_000), 'text/html')?.length ?? 0).toBeLessThan(10_001)
})

test.each([
  [
    [
      ['X-OpenStack-Request-ID', 'req-1'],
      ['X-Trans-Id', 'tx1'],
    ],
    'req-1',
  ],
  [[['x-compute-request-id', 'req-2']], 'req-2'],
  [[['X-Trans-Id', 'tx1']], 'tx1'],
  [[], undefined],
] as const)('the id of %j is %s', (headers, id) => {
  expect(requestIdOf(headers)).toBe(id)
})
