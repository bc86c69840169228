import { photo } from '../../photo.ts'
import { addContainer } from './container-store.ts'
import { putObject } from './store.ts'
import type { Metadata, Store } from './stored.ts'

const workshop = 'AUTH_fee040b1c4d24aeb985c3cdea1c3f363'

/** Puts the guide's photo and the containers of the lessons into the first region. */
export async function seedRegionOne(store: Store): Promise<void> {
  await fill(store, 'empty', [])
  await fill(
    store,
    'odd names',
    oddNames.map((name) => ({ name, body: name, type: 'text/plain;charset=UTF-8' })),
  )
  const pages = Array.from({ length: 25 }, (_, index) => ({
    name: `p${String(Math.floor(index / 10)).padStart(2, '0')}/page-${String(index).padStart(3, '0')}.txt`,
    body: `page ${index}\n`,
    type: 'text/plain',
  }))
  await fill(store, 'pages', pages)
  const mtime = new Map([['X-Object-Meta-Mtime', '1424095540.000000']])
  const backstage = {
    name: 'fullsize/ovh-summit-2014-backstage-DS.jpg',
    body: photo(),
    type: 'image/jpeg',
    metadata: mtime,
  }
  await fill(store, 'photos', [backstage])
  await fill(
    store,
    'public',
    [{ name: 'hello.txt', body: 'hello, world\n', type: 'text/plain' }],
    new Map([['X-Container-Read', '.r:*']]),
  )
}

/** The second region has other data, so that a wrong region is seen. */
export async function seedRegionTwo(store: Store): Promise<void> {
  await fill(store, 'only-in-region-two', [{ name: 'where.txt', body: 'here\n', type: 'text/plain' }])
}

// Names that have to be encoded, each being its object's content.
const oddNames = [
  '-dash.txt',
  'a?b#c%25&d=e.txt',
  'dir//double.txt',
  'plain.txt',
  'plus+plus.txt',
  'quo"te\'s$HOME`id`.txt',
  'semi;colon,comma.txt',
  'with space.txt',
  'été/naïve.txt',
  '日本語.txt',
]

async function fill(
  store: Store,
  name: string,
  objects: readonly {
    readonly name: string
    readonly body: string | Buffer
    readonly type: string
    readonly metadata?: Metadata
  }[],
  containerMetadata: Metadata = new Map(),
): Promise<void> {
  const container = addContainer(store.account(workshop), name, { metadata: containerMetadata }, store)
  for (const { name: objectName, body, type: contentType, metadata = new Map() } of objects) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    store.bodies.grant(bytes.length)
    const written = await store.bodies.write([bytes])
    if (written === 'full') throw new Error('There is no room for what is there from the start.')
    putObject(container, objectName, { ...written, contentType, metadata, timestamp: store.now() }, store)
  }
}
