import type { CurlArgument } from './curl-arguments.ts'

/**
 * Every option that a curl line can hold, as it is explained: `...` stands for what differs from line to line.
 * https://curl.se/docs/manpage.html
 */
export const curlGlosses = {
  'NAME="$NAME"': 'hands a secret to jq by its environment, where nobody else sees it',
  'jq -cnj ...': 'makes the JSON body, so that a password needs no quoting',
  'printf ...': 'writes the body; the secrets in it never stand in a list of processes',
  '-I': 'asks for the headers only: HEAD',
  '-i': "shows the answer's headers before its body",
  '--dump-header -': "shows the answer's headers, and leaves its body to the file",
  '-X ...': 'the method, where it is not the one that curl would choose',
  '--insecure': 'does not verify the certificate: anybody in between can read the token',
  '--cacert ...': "whom to trust, instead of the system's authorities",
  '--cert ...': 'the client certificate, which shows who asks',
  '--key ...': "the client certificate's key",
  '--globoff': 'takes brackets and braces in the URL for what they are',
  '--path-as-is': 'leaves /../ and /./ in the URL: they are names in an object store',
  '"$NAME/..."': "the URL; the variable holds Keystone's URL, or an endpoint of the catalog",
  '-H "X-Auth-Token: ..."': 'shows who asks',
  '-H "X-Subject-Token: ..."': 'the token that the request is about',
  '-H "Accept: ..."': 'the form in which the answer is wanted',
  '-H "Content-Type: ..."': 'says what the body is',
  '-H "...;"': 'a header with nothing in it',
  '-H ...': 'a header of the request',
  '-H Accept:': 'takes out a header that curl adds of its own',
  '-H Content-Type:': 'takes out the header that curl adds to a body of its own',
  '-H Expect:': 'sends the file at once, without asking first whether it is welcome',
  '-o ...': "the file that the answer's body is written to",
  "-d ''": 'an empty body',
  '-F ...': 'a part of a form: NAME=TEXT, or NAME=@FILE',
  '--form-string ...': 'a part of a form, with its text as it is',
  'jq -rn ...': 'makes the parts of the form, so that no secret is an argument of curl',
  '-K -': 'takes the parts of the form from the standard input',
  '-T ...': 'sends the file as it is: PUT',
  '--data-binary @-': 'the body, from the standard input, as it is',
  '--data-binary @...': 'the body, from the file, as it is',
  '--data-binary ...': 'the body, as it is',
  '--data-raw ...': 'the body, as it is, also where it starts with @',
} as const

/** An option in the form in which it is explained. */
export type CurlSample = keyof typeof curlGlosses

/** A part of a curl line: its text for a shell, and the sample that explains it. */
export type CurlPart = { readonly text: string; readonly sample?: CurlSample }

/** The sample that explains an option; a URL has one only where a variable stands for it. */
export function sampleOf({ option, value = '', part }: CurlArgument): CurlSample {
  switch (option) {
    case '-H':
      return headerSample(value)
    case '-d':
      return "-d ''"
    case '--dump-header':
      return '--dump-header -'
    case '--data-binary':
      return part === 'body' ? '--data-binary ...' : '--data-binary @...'
    case '--url':
      return '"$NAME/..."'
    case '-I':
    case '-i':
    case '--insecure':
    case '--globoff':
    case '--path-as-is':
      return option
    case '-X':
    case '--cacert':
    case '--cert':
    case '--key':
    case '-o':
    case '-T':
    case '-F':
    case '--form-string':
    case '--data-raw':
      return `${option} ...`
    default:
      return option satisfies never
  }
}

function headerSample(line: string): CurlSample {
  if (line === 'Accept:' || line === 'Content-Type:' || line === 'Expect:') return `-H ${line}`
  if (line.endsWith(';') && !line.includes(':')) return '-H "...;"'
  const [name = ''] = line.split(':')
  return headersByName.get(name.toLowerCase()) ?? '-H ...'
}

/** Headers that are explained by their names. */
const headersByName: ReadonlyMap<string, CurlSample> = new Map([
  ['x-auth-token', '-H "X-Auth-Token: ..."'],
  ['x-subject-token', '-H "X-Subject-Token: ..."'],
  ['accept', '-H "Accept: ..."'],
  ['content-type', '-H "Content-Type: ..."'],
])
