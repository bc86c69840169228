import fc from 'fast-check'
import { expect, test } from 'vitest'
import { importRecipe } from '../../src/import/import-recipe.ts'
import { longestSource } from '../../src/import/sources.ts'
import { OsrunError } from '../../src/model/problem.ts'
import { problemText } from '../../src/report/text/problem-text.ts'
import { formsOfSecret } from '../run/secret-forms.ts'

const secret = 'open-sesame-12'
const har = (request: unknown): string =>
  JSON.stringify({ log: { entries: [{ request, response: { status: 200 } }] } }, undefined, 1)
const url = 'https://example.org/'

/** What is broken, and how it is broken; each line may hold a secret, which must not be shown. */
const broken: Readonly<Record<string, string>> = {
  'single quote': `curl -H 'X-Auth-Token: ${secret} ${url}\n`,
  'double quote': `# ok\ncurl "${url}" -d "{\\"password\\": \\"${secret}\\"}\n`,
  'unclosed substitution': `token=$(curl ${url} | grep x\n`,
  'pipe to nothing': `curl -u me:${secret} ${url} |\n`,
  'here-document without end': `curl -d @- ${url} <<EOF\n{"password": "${secret}"}\n`,
  'unknown option': `curl --heade 'X-Auth-Token: ${secret}' ${url}\n`,
  'unknown letter': `curl -s@ ${url}\n`,
  'option without value': `curl ${url} -H\n`,
  'no url': `curl -s -H 'Cookie: a=${secret}'\n`,
  'another scheme': `curl ftp://me:${secret}@example.org/\n`,
  'space in a url': `curl 'https://example.org/a b'\n`,
  globbing: `curl 'https://example.org/[1-9].txt'\n`,
  'form and text': `curl -F file=@photo.jpg -d password=${secret} ${url}\n`,
  'form within a form': `curl -F 'a=(;type=multipart/mixed' -F 'password=${secret}' ${url}\n`,
  'several files in a part': `curl -F 'a=@one,two;password=${secret}' ${url}\n`,
  'part out of a file': `curl -F 'password=<${secret}' ${url}\n`,
  'part without a name': `curl -F '=${secret}' ${url}\n`,
  'header of two lines': `curl -H 'X-A: 1\nX-Auth-Token: ${secret}' ${url}\n`,
  'header without a name': `curl -H ': ${secret}' ${url}\n`,
  'file of headers': `curl -H @headers.txt ${url}\n`,
  'body from nowhere': `cat body.json | curl -d @- ${url}\n`,
  'encoded file': `curl --data-urlencode name@file ${url}\n`,
  'text and file': `curl -d a=1 -d @file ${url}\n`,
  'bytes that are no text': `curl -d $'a\\xff' ${url}\n`,
  arithmetic: `curl ${url}$((1+1))\n`,
  'another expansion': `curl ${url}\${X//a/${secret}}\n`,
  'method of signs': `curl -X 'GET /' ${url}\n`,
  'carets of cmd.exe': `curl ^"${url}c?a=b^&c=d^" ^\r\n  -H ^"X-Auth-Token: ${secret}^" ^\r\n  --data-raw ^"^{^\\^"a^\\^":1^}^"\r\n`,
  'a line that cmd.exe goes on with': `curl "${url}" ^\n  -H "X-Auth-Token: ${secret}"\n`,
  'a variable of cmd.exe': `curl -H "X-Auth-Token: %OS_TOKEN%" ${url}\n`,
  'a file of cmd.exe': `@echo off\r\nset "TOKEN=${secret}"\r\ncurl ${url}\r\n`,
  'a request of PowerShell': `Invoke-WebRequest -UseBasicParsing -Uri "${url}" \`\n-Headers @{\n"X-Auth-Token"="${secret}"\n}\n`,
  'a line that PowerShell goes on with': `curl.exe "${url}" \`\n  -H "X-Auth-Token: ${secret}"\n`,
  'quotes of PowerShell': `curl ${url} -d "{\`"password\`":\`"${secret}\`"}"\n`,
  'a variable of PowerShell': `curl -H "X-Auth-Token: $env:OS_TOKEN" ${url}\n`,
  'a program of Windows': `curl.exe -s ${url} -H 'X-Auth-Token: ${secret}'\n`,
  'cut debug line': `REQ: curl -g -i -X GET ${url} -H "X-Auth-Token: ${secret}\n`,
  'binary debug body': `REQ: curl -g -i -X PUT ${url} -d '<binary_data>'\n`,
  'har that is cut': har({ method: 'GET', url }).slice(0, -9),
  'har without entries': '{"log": {"version": "1.2"}}',
  'har with a multipart body': har({
    method: 'POST',
    url,
    postData: { mimeType: 'multipart/form-data; boundary=x', text: secret },
  }),
  'har with a binary body': har({
    method: 'PUT',
    url,
    postData: { mimeType: 'a/b', encoding: 'base64', text: 'AAECgP8=' },
  }),
  'har with a bad url': har({ method: 'GET', url: 'https://[' }),
  'har with a binary text': har({ method: 'PUT', url, postData: { mimeType: 'a/b', text: '\0\ufffd' } }),
  'har with a body that is no base64': har({
    method: 'PUT',
    url,
    postData: { mimeType: 'a/b', encoding: 'base64', text: `!${secret}` },
  }),
  'har with another multipart body': har({
    method: 'POST',
    url,
    postData: { mimeType: 'multipart/mixed; boundary=x', text: `--x\r\n\r\n${secret}\r\n--x--` },
  }),
  'har without a url': har({ method: 'GET', headers: [{ name: 'X-Auth-Token', value: secret }] }),
  'har without a method': har({ url }),
  'har with a number for an entry': '{"log": {"entries": [\n  {"request": {"url": "data:,"}},\n  7\n]}}',
  'har with a header of two lines': har({
    method: 'GET',
    url,
    headers: [{ name: 'X-A', value: `1\r\nX-Auth-Token: ${secret}` }],
  }),
  'har with a header without a name': har({ method: 'GET', url, headers: [{ name: 'a b', value: secret }] }),
  'har with an unexpected word': '{"log": {"entries": [\n  {"request": None}\n]}}',
  'har with a comma too many': '{"log": {"entries": [\n  {"request": {}},\n]}}',
  'the transcript of curl -v': `$ curl -v ${url}\n> GET / HTTP/1.1\n> X-Auth-Token: ${secret}\n>\n< HTTP/1.1 200 OK\n<\n`,
  'options out of a file': `curl --config options.cfg\n`,
  'nothing at all': ' \n',
  'a poem': 'Whose woods these are I think I know.\n',
  'a page': '<html><body>curl</body></html>\n',
  'curl in a comment': '# curl is a program\n',
  'a stray character': `curl ${url}\ufdd0x\ufdd1\n`,
}

function failureOf(text: string, from?: string): OsrunError {
  try {
    importRecipe({ file: 'input', text }, { from })
  } catch (error) {
    if (error instanceof OsrunError) return error
    throw error
  }
  throw new Error('it was taken')
}

test.each(Object.keys(broken))('%s', async (name) => {
  const error = failureOf(broken[name] ?? '')
  expect(error.code).toBe('IMPORT_INVALID')
  const text = error.problems.map((problem) => problemText(problem, { color: false, width: 100 })).join('\n')
  await expect(`${text}\n`).toMatchFileSnapshot(`../golden/import-broken/${name.replaceAll(' ', '-')}.txt`)
  expect(text).toMatch(/^input:\d+:\d+ /)
  for (const form of formsOfSecret(secret)) expect(text).not.toContain(form)
  expect(JSON.stringify(error.problems)).not.toContain(secret)
})

test('a longer text than osrun reads is refused at once', () => {
  // What is not read is not found broken either.
  const error = failureOf(`{"log": {"entries": [${' '.repeat(longestSource)}`)
  expect(error.message).toMatch(/64 MiB/)
})

test('a large HAR file takes seconds, not minutes', { timeout: 60_000 }, () => {
  const entry = {
    request: {
      method: 'GET',
      url: 'https://example.org/v1/AUTH_a/c',
      headers: [{ name: 'X-Auth-Token', value: secret }],
    },
    response: { status: 200, headers: [], content: { text: 'x'.repeat(20_000) } },
  }
  const text = JSON.stringify({ log: { entries: Array.from({ length: 2600 }, () => entry) } })
  expect(text.length).toBeGreaterThan(50_000_000)
  const recipe = importRecipe({ file: 'big.har', text }).text
  expect(recipe.match(/GET \$\{endpoint\}\/\$\{container\}/g)).toHaveLength(2600)
  expect(recipe).not.toContain(secret)
})

test('nothing but an OsrunError is thrown, whatever stands after curl', () => {
  const piece = fc.constantFrom(
    'curl ',
    '-H ',
    "'",
    '"',
    '$(',
    ')',
    '`',
    '|',
    '<<E\n',
    '\n',
    '\\',
    '${x',
    '}',
    '-d ',
    '@-',
    'http://h/',
    ';',
    '&&',
    '{',
    '[',
    "$'",
    'x=',
    ' -I',
    '--json',
    '((',
    'if ',
    '\ud800',
    '\0',
    '# c\n',
    '-X ',
    '=',
    '\r',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      try {
        importRecipe({ file: 'input', text: `curl ${pieces.join('')}` })
      } catch (error) {
        if (!(error instanceof OsrunError)) throw error
      }
    }),
    { numRuns: 3000 },
  )
})

test.each([
  `token=$(curl -si ${url} | grep -i '^"x-subject')\ncurl ${url}\n`,
  'X=`date `\ncurl https://example.org/%C3%A9%20A\n',
  `curl ${url}?a=%ADDRESS%20 -d '{"a":"^b"}'\n`,
  `curl -H "X-A: \`date\`" ${url}\n`,
])('what a POSIX shell reads is not taken for a spelling of Windows: %j', (text) => {
  const outcome = (() => {
    try {
      return importRecipe({ file: 'a.sh', text }).text
    } catch (error) {
      return String(error)
    }
  })()
  expect(outcome).not.toContain('This is spelled for')
})
