import { describe, expect, test } from 'vitest'
import { checkJsonPath, queryJson } from '../../src/recipe/template/json-path.ts'

// The examples of RFC 9535, section by section: query, and what it selects. Order matters only where it says so.
const store = {
  store: {
    book: [
      { category: 'reference', author: 'Nigel Rees', title: 'Sayings of the Century', price: 8.95 },
      { category: 'fiction', author: 'Evelyn Waugh', title: 'Sword of Honour', price: 12.99 },
      {
        category: 'fiction',
        author: 'Herman Melville',
        title: 'Moby Dick',
        isbn: '0-553-21311-3',
        price: 8.99,
      },
      {
        category: 'fiction',
        author: 'J. R. R. Tolkien',
        title: 'The Lord of the Rings',
        isbn: '0-395-19395-8',
        price: 22.99,
      },
    ],
    bicycle: { color: 'red', price: 399 },
  },
}
const { book, bicycle } = store.store
const names = { o: { 'j j': { 'k.k': 3 } }, "'": { '@': 2 } }
const wild = { o: { j: 1, k: 2 }, a: [5, 3] }
const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const filtered = {
  a: [3, 5, 1, 2, 4, 6, { b: 'j' }, { b: 'k' }, { b: {} }, { b: 'kilo' }],
  o: { p: 1, q: 2, r: 3, s: 5, t: { u: 6 } },
  e: 'f',
}
const nested = { o: { j: 1, k: 2 }, a: [5, 3, [{ j: 4 }, { k: 6 }]] }
const nulls = { a: null, b: [null], c: [{}], null: 1 }

describe.each([
  [
    'the overview (1.5)',
    store,
    [
      ['$.store.book[*].author', book.map(({ author }) => author)],
      ['$..author', book.map(({ author }) => author)],
      ['$.store.*', [book, bicycle]],
      ['$.store..price', [8.95, 12.99, 8.99, 22.99, 399]],
      ['$..book[2]', [book[2]]],
      ['$..book[2].author', ['Herman Melville']],
      ['$..book[2].publisher', []],
      ['$..book[-1]', [book[3]]],
      ['$..book[0,1]', [book[0], book[1]]],
      ['$..book[:2]', [book[0], book[1]]],
      ['$..book[?@.isbn]', [book[2], book[3]]],
      ['$..book[?@.price<10]', [book[0], book[2]]],
    ],
  ],
  ['the root (2.2.3)', { k: 'v' }, [['$', [{ k: 'v' }]]]],
  [
    'names (2.3.1.3)',
    names,
    [
      ["$.o['j j']", [{ 'k.k': 3 }]],
      ["$.o['j j']['k.k']", [3]],
      ['$.o["j j"]["k.k"]', [3]],
      [`$["'"]["@"]`, [2]],
    ],
  ],
  [
    'wildcards (2.3.2.3)',
    wild,
    [
      ['$[*]', [{ j: 1, k: 2 }, [5, 3]]],
      ['$.o[*]', [1, 2]],
      ['$.o[*, *]', [1, 2, 1, 2]],
      ['$.a[*]', [5, 3]],
    ],
  ],
  [
    'indexes (2.3.3.3)',
    ['a', 'b'],
    [
      ['$[1]', ['b']],
      ['$[-2]', ['a']],
    ],
  ],
  [
    'slices (2.3.4.3)',
    letters,
    [
      ['$[1:3]', ['b', 'c']],
      ['$[5:]', ['f', 'g']],
      ['$[1:5:2]', ['b', 'd']],
      ['$[5:1:-2]', ['f', 'd']],
      ['$[::-1]', ['g', 'f', 'e', 'd', 'c', 'b', 'a']],
    ],
  ],
  [
    'filters (2.3.5.3)',
    filtered,
    [
      ["$.a[?@.b == 'kilo']", [{ b: 'kilo' }]],
      ["$.a[?(@.b == 'kilo')]", [{ b: 'kilo' }]],
      ['$.a[?@>3.5]', [5, 4, 6]],
      ['$.a[?@.b]', [{ b: 'j' }, { b: 'k' }, { b: {} }, { b: 'kilo' }]],
      ['$[?@.*]', [filtered.a, filtered.o]],
      ['$[?@[?@.b]]', [filtered.a]],
      ['$.o[?@<3, ?@<3]', [1, 2, 1, 2]],
      ['$.a[?@<2 || @.b == "k"]', [1, { b: 'k' }]],
      ['$.a[?match(@.b, "[jk]")]', [{ b: 'j' }, { b: 'k' }]],
      ['$.a[?search(@.b, "[jk]")]', [{ b: 'j' }, { b: 'k' }, { b: 'kilo' }]],
      ['$.o[?@>1 && @<4]', [2, 3]],
      ['$.o[?@.u || @.x]', [{ u: 6 }]],
      ['$.a[?@.b == $.x]', [3, 5, 1, 2, 4, 6]],
      ['$.a[?@ == @]', filtered.a],
    ],
  ],
  [
    'children (2.5.1.3)',
    letters,
    [
      ['$[0, 3]', ['a', 'd']],
      ['$[0:2, 5]', ['a', 'b', 'f']],
      ['$[0, 0]', ['a', 'a']],
    ],
  ],
  [
    'descendants (2.5.2.3)',
    nested,
    [
      ['$..j', [1, 4]],
      ['$..[0]', [5, { j: 4 }]],
      ['$..o', [{ j: 1, k: 2 }]],
      ['$.o..[*, *]', [1, 2, 1, 2]],
      ['$.a..[0, 1]', [5, 3, { j: 4 }, { k: 6 }]],
    ],
  ],
  [
    'null (2.6.1)',
    nulls,
    [
      ['$.a', [null]],
      ['$.a[0]', []],
      ['$.a.d', []],
      ['$.b[0]', [null]],
      ['$.b[*]', [null]],
      ['$.b[?@]', [null]],
      ['$.b[?@==null]', [null]],
      ['$.c[?@.d==null]', []],
      ['$.null', [1]],
    ],
  ],
] as const)('%s', (_section, document, rows) => {
  test.each(rows.map(([query, nodes]) => ({ query, nodes })))('$query', ({ query, nodes }) => {
    const found = queryJson(document, query).nodes
    expect(sorted(found)).toEqual(sorted(nodes))
  })
})

const sorted = (nodes: readonly unknown[]): readonly string[] =>
  nodes.map((node) => JSON.stringify(node)).sort()

test('array order is kept', () => {
  expect(queryJson(letters, '$[5:1:-2]').nodes).toEqual(['f', 'd'])
  expect(queryJson(filtered, '$.a[?@>3.5]').nodes).toEqual([5, 4, 6])
})

// The table of 2.3.5.2.2, by a filter that selects all or nothing.
test.each([
  ['$.absent1 == $.absent2', true],
  ['$.absent1 <= $.absent2', true],
  ["$.absent == 'g'", false],
  ['$.absent1 != $.absent2', false],
  ["$.absent != 'g'", true],
  ['1 <= 2', true],
  ['1 > 2', false],
  ["13 == '13'", false],
  ["'a' <= 'b'", true],
  ["'a' > 'b'", false],
  ['$.obj == $.arr', false],
  ['$.obj != $.arr', true],
  ['$.obj == $.obj', true],
  ['$.obj != $.obj', false],
  ['$.arr == $.arr', true],
  ['$.arr != $.arr', false],
  ['$.obj == 17', false],
  ['$.obj != 17', true],
  ['$.obj <= $.arr', false],
  ['$.obj < $.arr', false],
  ['$.obj <= $.obj', true],
  ['$.arr <= $.arr', true],
  ['1 <= $.arr', false],
  ['1 >= $.arr', false],
  ['1 > $.arr', false],
  ['1 < $.arr', false],
  ['true <= true', true],
  ['true > true', false],
])('%s is %s', (comparison, expected) => {
  const document = { obj: { x: 'y' }, arr: [2, 3] }
  expect(queryJson(document, `$[?${comparison}]`).nodes.length > 0).toBe(expected)
})

test.each([
  ['$', true],
  ['$.a', true],
  ['$["a"][0]', true],
  ['$.a[-1].b', true],
  ['$.*', false],
  ['$..a', false],
  ['$[0:1]', false],
  ['$[0,1]', false],
  ['$[?@.a]', false],
])('%s is singular: %s, whatever it finds', (query, singular) => {
  for (const document of [undefined, null, 1, 'text', [], {}, { a: [1] }])
    expect(queryJson(document, query).singular).toBe(singular)
})

test('a document that is not there has no nodes', () => {
  for (const query of ['$', '$.a', '$..a', '$[*]', '$[?@.a == 1]'])
    expect(queryJson(undefined, query).nodes.filter((node) => node !== undefined)).toEqual([])
})

test('a name of the prototype leads nowhere', () => {
  for (const query of ['$.constructor', '$.__proto__', '$.a.length', '$..toString'])
    expect(queryJson({ a: [1] }, query).nodes).toEqual([])
})

// What the grammar refuses: RFC 9535, 2.1 to 2.5 and 2.4.9.
test.each([
  [''],
  ['a'],
  ['.a'],
  ['$.'],
  ['$ '],
  [' $'],
  ['$.a '],
  ['$[a]'],
  ['$[01]'],
  ['$[-0]'],
  ['$[9007199254740992]'],
  ['$[1:2:3:4]'],
  ['$["a]'],
  ['$.1a'],
  ["$['\\u0']"],
  ['$[?@.a = 1]'],
  ['$[?1]'],
  ['$[?@.* == 1]'],
  ['$[?length(@.*) < 3]'],
  ['$[?count(1) == 1]'],
  ['$[?match(@.a, "x") == true]'],
  ['$[?value(@..color)]'],
  ['$[?unknown(@.a)]'],
])('"%s" is refused with a reason', (query) => {
  expect(checkJsonPath(query)).toMatch(/\S/)
  expect(() => queryJson({}, query)).toThrow(expect.objectContaining({ code: 'EXPECTATION_INVALID' }))
})

// The examples of 2.4.9 that are well typed.
test.each([
  ['$[?length(@) < 3]'],
  ['$[?count(@.*) == 1]'],
  ["$[?match(@.timezone, 'Europe/.*')]"],
  ['$[?value(@..color) == "red"]'],
  ['$[? @.a ]'],
  ['$["\\ud83d\\ude00"]'],
])('%s is a query', (query) => expect(checkJsonPath(query)).toBeUndefined())
