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

/** An option of a line as its sample has it, or with another argument, which is quoted already. */
export function curlPart(sample: CurlSample, argument?: string): CurlPart {
  return { sample, text: argument === undefined ? sample : `${sample.split(' ')[0]} ${argument}` }
}
