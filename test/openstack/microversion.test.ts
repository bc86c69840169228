import { describe, expect, test } from 'vitest'
import {
  answeredMicroversion,
  microversionHeaders,
  microversionRange,
  parseMicroversion,
} from '../../src/openstack/versions/microversion.ts'

test.each([
  ['2.90', undefined, '2.90'],
  ['latest', undefined, 'latest'],
  ['compute 2.9', 'compute', '2.9'],
  ['volume 3.70', 'block-storage', '3.70'],
  ['sharev2 latest', 'shared-file-system', 'latest'],
  ['nova  2.1', 'compute', '2.1'],
])('%s is of %s, version %s', (text, service, version) => {
  expect(parseMicroversion(text)).toEqual({ service, version })
})

test.each(['', '2', 'v2.1', '2.latest', '2.90.1', 'compute', '2.90 compute', '-1.0', '2.90, compute 2.1'])(
  '%s is no microversion',
  (text) => {
    expect(parseMicroversion(text)).toBeUndefined()
  },
)

describe('the headers of a service', () => {
  test.each([
    ['compute', ['OpenStack-API-Version: compute 2.90', 'X-OpenStack-Nova-API-Version: 2.90']],
    ['baremetal', ['OpenStack-API-Version: baremetal 2.90', 'X-OpenStack-Ironic-API-Version: 2.90']],
    ['sharev2', ['OpenStack-API-Version: shared-file-system 2.90', 'X-OpenStack-Manila-API-Version: 2.90']],
    ['volumev3', ['OpenStack-API-Version: volume 2.90']],
    ['block-storage', ['OpenStack-API-Version: volume 2.90']],
    ['placement', ['OpenStack-API-Version: placement 2.90']],
    ['container-infra', ['OpenStack-API-Version: container-infra 2.90']],
  ])('%s: %s', (service, lines) => {
    expect(microversionHeaders(service, '2.90')?.map((line) => line.join(': '))).toEqual(lines)
  })

  test.each(['object-store', 'image', 'identity', 'constructor', 'my-own'])('%s has none', (service) => {
    expect(microversionHeaders(service, '2.90')).toBeUndefined()
  })
})

test.each([
  ['compute', 'OpenStack-API-Version', 'compute 2.90', '2.90'],
  ['volumev3', 'openstack-api-version', 'volume 3.70', '3.70'],
  ['compute', 'openstack-api-version', 'placement 1.1, compute 2.1', '2.1'],
  ['compute', 'x-openstack-nova-api-version', '2.1', '2.1'],
  ['compute', 'openstack-api-version', 'volume 3.70', undefined],
  ['compute', 'Vary', 'OpenStack-API-Version', undefined],
])('%s with %s: %s answered by %s', (service, name, value, version) => {
  expect(answeredMicroversion(service, [[name, value]])).toBe(version)
})

test.each([
  [
    'the list of errors that Placement sends',
    { errors: [{ status: 406, detail: 'no', max_version: '1.39', min_version: '1.0' }] },
    { least: '1.0', greatest: '1.39' },
  ],
  [
    'the fault that Nova sends',
    {
      computeFault: {
        code: 406,
        message: 'Version 9.99 is not supported by the API. Minimum is 2.1 and maximum is 2.90.',
      },
    },
    { least: '2.1', greatest: '2.90' },
  ],
  ['no numbers', { errors: [{ max_version: 'x', min_version: '1.0' }] }, undefined],
  ['no JSON', 'minimum is 2.1', undefined],
  ['nothing', undefined, undefined],
])('the range in %s', (_what, body, range) => {
  expect(microversionRange([], body)).toEqual(range)
})

test.each([
  ['X-OpenStack-Ironic-API-Minimum-Version', 'X-OpenStack-Ironic-API-Maximum-Version', ''],
  ['OpenStack-API-Minimum-Version', 'OpenStack-API-Maximum-Version', 'baremetal '],
])('the range in the headers %s and %s', (least, greatest, prefix) => {
  const headers = [
    [least, `${prefix}1.1`],
    [greatest, `${prefix}1.78`],
  ] as const
  expect(microversionRange(headers, { min_version: '9.9', max_version: '9.9' })).toEqual({
    least: '1.1',
    greatest: '1.78',
  })
})
