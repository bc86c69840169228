import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../run/on-sandbox.ts'
import { startSmallKeystone } from '../run/small-keystone.ts'
import { runOsrun } from './osrun.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ record: true })
})
afterAll(() => sandbox.close())

const catalog = (
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = sandbox.environment,
) => runOsrun(['catalog', ...args], environment)

test('the table has each endpoint on a line, and no token is left alive', async () => {
  const before = sandbox.requests.length
  const { status, stdout, stderr } = await catalog(['--region', 'RegionTwo', '--interface', 'publicURL'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toBe(
    [
      'service       name      region     interface  url',
      `identity      keystone  RegionTwo  public     ${sandbox.url}/identity/v3`,
      `object-store  swift     RegionTwo  public     ${sandbox.url}/region-two/v1/AUTH_fee040b1c4d24aeb985c3cdea1c3f363`,
      '',
    ].join('\n'),
  )
  expect(sandbox.requests.slice(before).map(({ method }) => method)).toEqual(['POST', 'DELETE'])
})

test('the JSON has all endpoints with their fields', async () => {
  const { status, stdout } = await catalog(['--json'])
  expect(status).toBe(0)
  const rows = JSON.parse(stdout) as readonly unknown[]
  expect(rows).toHaveLength(12)
  expect(rows[0]).toEqual({
    type: 'identity',
    name: 'keystone',
    region: 'RegionOne',
    interface: 'public',
    url: `${sandbox.url}/identity/v3`,
  })
})

describe('versions', () => {
  test('are asked for, but not of an object store', async () => {
    const { status, stdout } = await catalog([
      '--versions',
      '--json',
      '--interface',
      'public',
      '--region',
      'RegionOne',
    ])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({
        type: 'identity',
        versions: [{ version: '3.14', status: 'STABLE', url: `${sandbox.url}/identity/v3/` }],
      }),
      expect.not.objectContaining({ versions: expect.anything() }),
    ])
  })

  test('stand below their endpoint in the table', async () => {
    const { stdout } = await catalog(['--versions', '--interface', 'admin', '--region', 'RegionOne'])
    expect(stdout).toContain('/identity/v3\n  3.14 (STABLE)\n')
  })
})

test('what the catalog does not have is an error that says what it has', async () => {
  const { status, stderr } = await catalog(['--region', 'Nowhere'])
  expect(status).toBe(5)
  expect(stderr).toContain('ENDPOINT_NOT_FOUND')
  expect(stderr).toContain('RegionOne, RegionTwo')
})

test('a token without a catalog is an error', async () => {
  const keystone = await startSmallKeystone({ catalog: [] })
  const { status } = await catalog(['--json'], keystone.environment)
  expect(status).toBe(5)
})

test('no cloud is an error, as everywhere', async () => {
  expect((await catalog([], {})).status).toBe(1)
})
