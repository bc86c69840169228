import { expect, test } from 'vitest'
import { importRecipe } from '../../src/import/import-recipe.ts'
import { recipeOf } from '../run/on-sandbox.ts'

const store = 'http://h:8080/v1/AUTH_x'
const nova = 'http://h:8774/v2.1'
const id = '8c65cb68-0681-4c30-bc88-6b83a8a26aee'

async function imported(...urls: readonly string[]) {
  const lines = urls.map((url) => `curl '${url}' -H "X-Auth-Token: $TOKEN"\n`).join('')
  const { text } = importRecipe({ file: 'lines.sh', text: lines })
  const { inputs } = await recipeOf(text)
  return { text, inputs: Object.fromEntries(inputs.map((one) => [one.name, one.default])) }
}

test('a container of several URLs is one input, and so is an object in it', async () => {
  const { text, inputs } = await imported(`${store}/c`, `${store}/c/a/b.txt`, `${store}/c/a/b.txt?x=1`)
  expect(inputs).toEqual({ container: 'c', object: 'a/b.txt' })
  expect(text).toContain('- request: GET ${endpoint}/${container}\n')
  expect(text.match(/GET \$\{endpoint\}\/\$\{container\}\/\$\{object\}/g)).toHaveLength(2)
})

test('two containers are two inputs', async () => {
  const { inputs } = await imported(`${store}/c`, `${store}/d`, `${store}/c`, `${store}/d`)
  expect(inputs).toEqual({ container: 'c', 'container-2': 'd' })
})

test('what is encoded in a path is a plain value in its input', async () => {
  const { inputs } = await imported(`${store}/a%20b`, `${store}/a%20b`)
  expect(inputs).toEqual({ container: 'a b' })
})

test.each([
  [[`${nova}/servers/${id}`, `${nova}/servers/${id}/action`], { server: id }],
  [[`${nova}/flavors/m1.small`, `${nova}/flavors/m1.small/os-extra_specs`], { flavor: 'm1.small' }],
  [[`http://h:9696/v2.0/policies/1`, `http://h:9696/v2.0/policies/1/rules`], { policy: '1' }],
  [
    [`http://h:5000/v3/auth/tokens`, `http://h:5000/v3/users/7`, `http://h:5000/v3/users/7/groups`],
    { user: '7' },
  ],
])('an id after the name of a collection is an input: %j', async (urls, wanted) => {
  expect((await imported(...urls)).inputs).toEqual(wanted)
})

test.each([
  ['one URL alone', [`${store}/c/o`, `${store}/d/o`]],
  ['a view', [`${nova}/servers/detail`, `${nova}/servers/detail?limit=1`]],
  ['the same name under two endpoints', [`${store}/c`, 'http://h:8080/v1/AUTH_y/c']],
  ['what no template would encode in the same way', [`${store}/a%2Fb`, `${store}/a%2Fb`]],
  [
    'the path of a server that nobody knows',
    ['https://example.org/servers/1', 'https://example.org/servers/1/x'],
  ],
])('%s stays as it is', async (_what, urls) => {
  expect((await imported(...urls)).inputs).toEqual({})
})
