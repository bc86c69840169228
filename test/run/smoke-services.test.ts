import { describe, expect, test } from 'vitest'
import { loadRecipe, runToEnd } from './on-sandbox.ts'
import { skippingClock } from './skipping-clock.ts'
import { type SmallServices, startSmallServices } from './small-services.ts'

async function run(name: string, behaviour: SmallServices = {}) {
  const cloud = await startSmallServices(behaviour)
  const recipe = await loadRecipe(`recipes/smoke/${name}.yaml`)
  const { events, result } = await runToEnd(recipe, { cloud: await cloud.cloud(), ...skippingClock() })
  const skipped = events.filter((event) => event.type === 'step:end' && event.result.status === 'skipped')
  return { ...cloud, events, result, skipped: skipped.length }
}

describe('a Nova and a Cinder as the API reference has them', () => {
  test.each([
    'compute-limits',
    'compute-servers',
    'server-boot',
    'services-up',
    'volume-create',
    'volume-list',
    'catalog-links',
  ])('%s passes with all its steps, and leaves nothing', async (name) => {
    const { result, skipped, left } = await run(name)
    expect(result.problem).toBeUndefined()
    expect(result).toMatchObject({ status: 'passed', exit: 0, leftovers: [] })
    expect(skipped).toBe(0)
    expect(left()).toEqual([])
  })

  test('a server gets the smallest flavor that its image fits in, on a network that has a subnet', async () => {
    const { seen } = await run('server-boot')
    const created = seen.find(({ method, path }) => method === 'POST' && path.endsWith('/servers'))
    expect(JSON.parse(created?.body ?? '{}')).toEqual({
      server: {
        name: expect.stringMatching(/^osrun-\w+$/),
        imageRef: 'cirros',
        flavorRef: 'small',
        networks: [{ uuid: 'private' }],
      },
    })
  })

  test('the password that Nova makes up is not shown', async () => {
    const { events } = await run('server-boot')
    expect(JSON.stringify(events)).not.toContain('made-up-by-nova')
  })

  test('servers are listed over all pages, by the microversion, which one above all is not', async () => {
    const { seen } = await run('compute-servers')
    const lists = seen.filter(({ path }) => path.includes('/servers'))
    expect(lists.map(({ headers }) => headers['openstack-api-version'])).toEqual([
      'compute 2.72',
      'compute 2.72',
      'compute 2.9999',
    ])
  })
})

describe('what is wrong is found, and cleaned up all the same', () => {
  test.each<readonly [string, string, SmallServices, string]>([
    ['a server that fails', 'server-boot', { server: 'ERROR' }, 'FAIL_IF_MET'],
    ['a server that is never made', 'server-boot', { server: 'BUILD' }, 'UNTIL_UNMET'],
    ['a volume that fails', 'volume-create', { volume: 'error' }, 'FAIL_IF_MET'],
    ['a service that is down', 'services-up', { state: 'down' }, 'EXPECTATION_FAILED'],
    [
      'links with another scheme',
      'catalog-links',
      { linkedFrom: 'https://127.0.0.1/v2.1' },
      'EXPECTATION_FAILED',
    ],
    [
      'links to another host',
      'catalog-links',
      { linkedFrom: 'http://nova.internal/v2.1' },
      'EXPECTATION_FAILED',
    ],
  ])('%s', async (_what, name, behaviour, code) => {
    const { result, left } = await run(name, behaviour)
    expect(result).toMatchObject({ status: 'failed', exit: 4, problem: { code }, leftovers: [] })
    expect(left()).toEqual([])
  })
})

test('who is no administrator is not refused: the agents of the services are skipped', async () => {
  const { result, seen, skipped } = await run('services-up', { role: 'member' })
  expect(result.status).toBe('passed')
  expect(skipped).toBe(9)
  expect(seen.filter(({ path }) => /os-services|agents/.test(path))).toEqual([])
})
