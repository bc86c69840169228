import { describe, expect, test } from 'vitest'
import { helpers } from '../../src/export/shell/helpers/helpers.ts'
import { percentEncode } from '../../src/recipe/template/render-template.ts'
import { everyShell, runScript } from './shell.ts'

const characters = [
  ...Array.from({ length: 127 }, (_one, code) => String.fromCharCode(code)).slice(1),
  '\u00e9',
  '\u20ac',
  '\ud83d\ude00',
]
const encoders = {
  path: (text: string) => percentEncode(text, true),
  component: (text: string) => percentEncode(text, false),
  query: encodeURIComponent,
  form: (text: string) => new URLSearchParams({ '': text }).toString().slice(1),
} as const
type Encoder = keyof typeof encoders

const urls: Readonly<Record<string, string>> = {
  'http://h': 'http://h',
  'http://h/': 'http://h',
  'https://a-1.b:8443/x/y?z#f': 'https://a-1.b:8443',
  'http://h?x://y/': 'http://h',
  'http://h#x': 'http://h',
  'http://h:80/': 'http://h',
  'https://h:443/': 'https://h',
  'https://h:80/': 'https://h:80',
  'http://H.x/': 'http://h.x',
  'HTTP://h/': 'http://h',
  'http://user@h/': 'http://h',
  'http://[::1]:5000/': 'http://[::1]:5000',
  'ftp://h/': '',
  'http://': '',
  'http:///x': '',
  h: '',
}

// What a script writes itself, and what it leaves to jq, whose own encoding is compared elsewhere.
async function written(name: Encoder | 'origin_of', texts: readonly string[], shell: readonly string[]) {
  const { text } = helpers[name === 'origin_of' ? 'origin' : name]
  const calls = texts.map((one) => `${name} '${one.replaceAll("'", `'\\''`)}'; echo`)
  const script = `LC_ALL=C\nexport LC_ALL\njq() { printf 'by jq'; }\n${text}\n${calls.join('\n')}\n`
  const { status, stdout } = await runScript(script, shell, {})
  expect(status).toBe(0)
  return stdout
}

describe.each(everyShell.map((shell) => [shell.join(' '), shell] as const))('under %s', (_name, shell) => {
  test.each(Object.keys(encoders) as Encoder[])(
    '%s writes itself what needs no encoding, and nothing else',
    async (name) => {
      const results = (await written(name, characters, shell)).split(/(?<=.)\n/s)
      for (const [index, character] of characters.entries()) {
        if (results[index] === 'by jq') expect(character).not.toMatch(/[\w.-]/)
        else expect([results[index], encoders[name](character)]).toEqual([character, character])
      }
    },
  )

  test('the origin of a URL is cut out of it only where it stands there', async () => {
    const results = (await written('origin_of', Object.keys(urls), shell)).split('\n')
    for (const [index, [url, origin]] of Object.entries(urls).entries())
      if (results[index] !== 'by jq') expect([url, results[index]]).toEqual([url, origin])
    expect(results.slice(0, 5)).not.toContain('by jq')
  })
})
