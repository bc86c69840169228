import { connect } from '../../src/library/index.ts'
import { cloudOf, environment } from './cloud.ts'

/** What the learner has on the cloud, as its servers tell it: names of all kinds of things, sorted. */
export type Stock = Readonly<Record<string, readonly string[]>>

/** Asks Keystone, Swift, Glance and Neutron for all that the learner has. */
export async function takeStock(): Promise<Stock> {
  await using session = connect({ cloud: await cloudOf(environment) })
  const { identityUrl, user, catalog = [] } = await session.token()
  const urlsOf = (type: string): readonly string[] => [
    ...new Set(
      catalog
        .filter((service) => service.type === type)
        .flatMap(({ endpoints }) =>
          endpoints.filter((one) => one.interface === 'public').map(({ url }) => url),
        ),
    ),
  ]
  const ask = async (url: string) =>
    JSON.parse(new TextDecoder().decode((await session.request('GET', url)).body))
  const isThere = async (url: string): Promise<boolean> => (await session.request('HEAD', url)).status < 300
  const stock: Record<string, readonly string[]> = {}
  for (const account of urlsOf('object-store')) {
    const { headers } = await session.request('HEAD', account)
    stock[`${account} metadata`] = headers.flatMap(([name, value]) =>
      /^x-account-meta-/i.test(name) ? [`${name}: ${value}`] : [],
    )
    const containers: string[] = []
    // An account may list what has gone a moment ago.
    for (const { name } of (await ask(`${account}?format=json`)) as readonly Named[])
      if (await isThere(`${account}/${encodeURIComponent(name)}`)) containers.push(name)
    stock[account] = containers
    for (const container of containers) {
      const objects = (await ask(
        `${account}/${encodeURIComponent(container)}?format=json`,
      )) as readonly Stored[]
      stock[`${account}/${container}`] = objects.map(({ name, hash }) => `${name} ${hash}`)
    }
  }
  const [images = '', networks = ''] = [...urlsOf('image'), ...urlsOf('network')]
  stock.images = idsOf((await ask(`${images}/v2/images`)).images)
  for (const kind of ['networks', 'subnets', 'ports'])
    stock[kind] = idsOf((await ask(`${networks}/v2.0/${kind}`))[kind])
  const credentials = await ask(`${identityUrl}/users/${user.id}/application_credentials`)
  stock.credentials = idsOf(credentials.application_credentials)
  return stock
}

type Named = { readonly name: string }
type Stored = Named & { readonly hash: string }

function idsOf(things: readonly { readonly id: string }[]): readonly string[] {
  return things.map(({ id }) => id).sort()
}
