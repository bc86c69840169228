/**
 * The origin of an http URL that secrets may belong to; undefined of any other. Of any other scheme the origin is "null", one for
 * all of them, and a host that stands behind a user name, `https://swift.example.org@198.51.100.1/`, is there to be misread.
 */
export function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, origin, username, password } = new URL(url)
  return /^https?:$/.test(protocol) && username === '' && password === '' ? origin : undefined
}
