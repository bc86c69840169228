import { describe, expect, test } from 'vitest'
import {
  chooseVersion,
  discoveryUrls,
  fitsWish,
  parseVersionWish,
  splitVersionedUrl,
} from '../../src/openstack/versions/choose-version.ts'
import type { ApiVersion } from '../../src/openstack/versions/version-document.ts'
import {
  combineLink,
  parseVersionDocument,
  parseVersionNumber,
} from '../../src/openstack/versions/version-document.ts'
import { answer } from './answer.ts'

const self = (href: string) => [
  { rel: 'describedby', href: 'http://docs.test' },
  { rel: 'self', href },
]

test.each([
  ['2.96', [2, 96]],
  ['v2.1', [2, 1]],
  ['2', [2, 0]],
  [' V3 ', [3, 0]],
  ['latest', undefined],
  ['2.latest', undefined],
  ['', undefined],
  ['v', undefined],
])('the version %s is %o', (text, number) => {
  expect(parseVersionNumber(text)).toEqual(number)
})

describe('a document of versions', () => {
  const one = { id: 'v2.1', status: 'current', links: self('http://n/v2.1/') }
  const read = { number: [2, 1], status: 'CURRENT', href: 'http://n/v2.1/', microversions: undefined }

  test.each<[string, unknown, unknown]>([
    ['Keystone and Barbican', { versions: { values: [one] } }, [read]],
    [
      'most',
      { versions: [one, { id: 'v2.0' }] },
      [read, { ...read, number: [2, 0], status: '', href: undefined }],
    ],
    ['one version', { version: one }, [read]],
    [
      'a bare version',
      { id: 'v1', links: self('http://i/v1/') },
      [{ ...read, number: [1, 0], href: 'http://i/v1/' }],
    ],
    [
      'Nova, with microversions',
      { version: { ...one, min_version: '2.1', version: '2.96' } },
      [{ ...read, microversions: { least: '2.1', greatest: '2.96' } }],
    ],
    [
      'Placement, with a link that is empty',
      {
        versions: [
          { id: 'v1.0', max_version: '1.39', min_version: '1.0', status: 'CURRENT', links: self('') },
        ],
      },
      [{ number: [1, 0], status: 'CURRENT', href: '', microversions: { least: '1.0', greatest: '1.39' } }],
    ],
    ['Nova without microversions', { version: { ...one, min_version: '', version: '' } }, [read]],
    [
      'wrong values',
      { versions: [null, 7, { id: 7 }, { id: {} }, { ...one, links: 7 }] },
      [
        { ...read, number: [7, 0], status: '', href: undefined },
        { ...read, href: undefined },
      ],
    ],
  ])('of %s', (_what, document, versions) => {
    for (const status of [200, 300]) expect(parseVersionDocument(answer(status, document))).toEqual(versions)
  })

  test.each<[string, ReturnType<typeof answer>]>([
    ['a list, as an object store sends it', answer(200, [{ name: 'photos' }])],
    ['a page', answer(200, '<html>', 'text/html')],
    ['nothing', answer(200, undefined)],
    ['a mapping of something else', answer(200, { links: [] })],
    ['null', answer(200, null)],
    ['a refusal', answer(401, { versions: [one] })],
  ])('is not %s', (_what, response) => {
    expect(parseVersionDocument(response)).toBeUndefined()
  })
})

test.each([
  ['http://h:5000/identity', 'http://h:5000/identity/v3/', 'http://h:5000/identity/v3/'],
  ['https://pub/identity', 'http://10.0.0.1:5000/v3/', 'https://pub/identity/v3/'],
  ['https://pub/identity/v3', 'http://10.0.0.1:5000/v3/', 'https://pub/identity/v3'],
  ['https://pub/', 'v2/', 'https://pub/v2/'],
  ['https://pub/compute', '/v2.1/', 'https://pub/v2.1/'],
  ['https://pub/placement/', '', 'https://pub/placement/'],
  ['https://pub/placement', 'http://10.0.0.1/', 'https://pub/placement'],
  ['http://pub/image/', 'https://pub/image/v2/', 'http://pub/image/v2/'],
  ['https://pub/image', 'http://[bad', 'https://pub/image'],
])('found at %s, the link %j is %s', (found, href, url) => {
  expect(combineLink(found, href)).toBe(url)
})

test.each([
  ['https://pub/compute/v2.1', 'p', 'https://pub/compute', 'v2.1', undefined],
  ['https://pub:8776/v3/p', 'p', 'https://pub:8776', 'v3', 'p'],
  ['https://pub:8776/v3/p/', undefined, 'https://pub:8776', 'v3', 'p'],
  ['https://pub/p', 'p', 'https://pub', undefined, 'p'],
  ['https://pub/image/', 'p', 'https://pub/image', undefined, undefined],
  ['https://pub', undefined, 'https://pub', undefined, undefined],
  ['https://pub/v1/AUTH_p', 'p', 'https://pub/v1/AUTH_p', undefined, undefined],
  ['https://pub/v3/other', 'p', 'https://pub/v3/other', undefined, undefined],
])('%s of the project %s is %s, %s and %s', (url, project, base, version, own) => {
  expect(splitVersionedUrl(url, project)).toEqual({ base, version, project: own })
})

test('documents are looked for without the version first', () => {
  expect(discoveryUrls({ base: 'https://pub/compute', version: 'v2.1', project: 'p' })).toEqual([
    'https://pub/compute/',
    'https://pub/compute/v2.1/',
  ])
  expect(discoveryUrls({ base: 'https://pub', version: undefined, project: undefined })).toEqual([
    'https://pub/',
  ])
})

test.each([
  [[2, 1], '2', true],
  [[2, 1], 'v2.1', true],
  [[2, 0], '2.1', false],
  [[3, 5], '2', false],
  [[3, 5], 'latest', true],
] as const)('%o fits %s: %s', (number, text, fits) => {
  const wish = parseVersionWish(text)
  if (wish === undefined) throw new Error('no wish')
  expect(fitsWish(number, wish)).toBe(fits)
})

describe('the version that is chosen', () => {
  const version = (text: string, status: string, href: string | undefined = text): ApiVersion => ({
    number: parseVersionNumber(text) ?? [0, 0],
    status,
    href,
    microversions: undefined,
  })
  const versions = [
    version('2.0', 'SUPPORTED'),
    version('2.15', 'CURRENT'),
    version('2.9', 'SUPPORTED'),
    version('1.1', 'DEPRECATED'),
    version('3.0', 'EXPERIMENTAL'),
    version('4.0', ''),
    { ...version('5.0', 'CURRENT'), href: undefined },
  ]
  test.each([
    ['2', '2.15'],
    ['2.9', '2.15'],
    ['1', '1.1'],
    ['latest', '2.15'],
    ['2.16', undefined],
    ['3', undefined],
    ['4', undefined],
    ['5', undefined],
  ])('for %s is %s', (text, href) => {
    expect(chooseVersion(versions, parseVersionWish(text) ?? [0, 0])?.href).toBe(href)
  })
})
