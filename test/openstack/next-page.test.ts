import { describe, expect, test } from 'vitest'
import { listPaths, nextPageUrl, type Page, withWholeList } from '../../src/openstack/next-page.ts'

const page = (url: string, document: unknown, path: Page['path'], headers: Page['headers'] = []): Page => ({
  url,
  document,
  path,
  headers,
})

describe('the next page', () => {
  test.each<[string, Page, string]>([
    [
      'Nova: a link with another host and scheme',
      page(
        'https://pub/compute/v2.1/servers?limit=2&name=a%20b',
        {
          servers: [{ id: '1' }, { id: '2' }],
          servers_links: [{ rel: 'next', href: 'http://10.0.0.1:8774/v2.1/servers?limit=2&marker=2' }],
        },
        ['servers'],
      ),
      'https://pub/compute/v2.1/servers?name=a%20b&limit=2&marker=2',
    ],
    [
      'Neutron: next beside previous, a list of fields',
      page(
        'https://pub/v2.0/networks?limit=1&fields=id&fields=name',
        {
          networks: [{ id: '1' }],
          networks_links: [
            { rel: 'previous', href: 'http://n/v2.0/networks?page_reverse=True&marker=1' },
            { rel: 'next', href: 'http://n/v2.0/networks?limit=1&fields=id&fields=name&marker=1' },
          ],
        },
        ['networks'],
      ),
      'https://pub/v2.0/networks?limit=1&fields=id&fields=name&marker=1',
    ],
    [
      'Keystone: links.next',
      page(
        'https://pub/v3/users',
        {
          users: [{ id: '1' }],
          links: { self: 'x', previous: null, next: 'http://k/v3/users?marker=1&limit=1' },
        },
        ['users'],
      ),
      'https://pub/v3/users?marker=1&limit=1',
    ],
    [
      'Glance: next without its prefix',
      page(
        'https://pub/image/v2/images?limit=1',
        { images: [{ id: '1' }], next: '/v2/images?limit=1&marker=1', first: '/v2/images?limit=1' },
        ['images'],
      ),
      'https://pub/image/v2/images?limit=1&marker=1',
    ],
    [
      'Barbican: an offset',
      page(
        'https://pub/v1/secrets?offset=0&limit=1',
        { secrets: [{}], next: 'http://b:9311/v1/secrets?limit=1&offset=1', total: 2 },
        ['secrets'],
      ),
      'https://pub/v1/secrets?limit=1&offset=1',
    ],
    [
      'links as a list',
      page('https://pub/clusters', { clusters: [{}], links: [{ rel: 'next', href: '?marker=9' }] }, [
        'clusters',
      ]),
      'https://pub/clusters?marker=9',
    ],
    [
      'the header Link',
      page(
        'https://pub/things?a=1#top',
        { things: [{}] },
        ['things'],
        [['link', '<https://other/things?a=1>; rel="self", <https://other/things?a=1&page=2>; rel="next"']],
      ),
      'https://pub/things?a=1&page=2',
    ],
    [
      'Swift: the last name',
      page('https://pub/v1/AUTH_p/c?marker=a&limit=2', [{ name: 'b' }, { name: 'ü/& c' }], []),
      'https://pub/v1/AUTH_p/c?limit=2&marker=%C3%BC%2F%26%20c',
    ],
    [
      'Swift: the last folder',
      page('https://pub/v1/AUTH_p/c?delimiter=/', [{ name: 'b' }, { subdir: 'c/' }], []),
      'https://pub/v1/AUTH_p/c?delimiter=/&marker=c%2F',
    ],
    [
      'Heat: a full page without a link',
      page('https://pub/v1/p/stacks?limit=2', { stacks: [{ id: '1' }, { id: '2' }] }, ['stacks']),
      'https://pub/v1/p/stacks?limit=2&marker=2',
    ],
  ])('%s', (_what, one, url) => {
    expect(nextPageUrl(one)).toBe(url)
  })

  test.each<[string, Page]>([
    [
      'an empty list, even with a link',
      page('http://h/x', { a: [], a_links: [{ rel: 'next', href: '?b' }] }, ['a']),
    ],
    ['next: null', page('http://h/x', { a: [{}], links: { next: null } }, ['a'])],
    ['next: ""', page('http://h/x', { a: [{}], next: '' }, ['a'])],
    [
      'links that lead back',
      page('http://h/x', { a: [{}], a_links: [{ rel: 'previous', href: '?b' }] }, ['a']),
    ],
    ['a page that is not full', page('http://h/x?limit=3', { a: [{ id: '1' }] }, ['a'])],
    ['a page without a limit', page('http://h/x', { a: [{ id: '1' }] }, ['a'])],
    ['a list of texts', page('http://h/x', ['a'], [])],
    [
      'links that are no links',
      page('http://h/x', { a: [{}], a_links: ['next', null, 7], links: 7, next: {} }, ['a']),
    ],
  ])('%s is the end', (_what, one) => {
    expect(nextPageUrl(one)).toBeUndefined()
  })
})

test.each([
  [[1], [[]]],
  [{ servers: [], servers_links: [], links: [] }, [['servers']]],
  [{ a: [], b: [], c: 1 }, [['a'], ['b']]],
  [{ a: { b: [] } }, []],
  ['text', []],
  [null, []],
])('the lists of %o are at %o', (document, paths) => {
  expect(listPaths(document)).toEqual(paths)
})

test('a whole list leads nowhere', () => {
  const document = {
    servers: [1],
    servers_links: [{ rel: 'next' }, { rel: 'previous' }],
    links: { self: 's', next: 'n' },
    next: 'n',
    count: 1,
  }
  expect(withWholeList(document, ['servers'], [1, 2])).toEqual({
    servers: [1, 2],
    servers_links: [{ rel: 'previous' }],
    links: { self: 's', next: null },
    count: 1,
  })
  expect(withWholeList({ a: { b: [1], c: 2 } }, ['a', 'b'], [3])).toEqual({ a: { b: [3], c: 2 } })
  expect(withWholeList([1], [], [1, 2])).toEqual([1, 2])
})
