import { remembered } from './remembered.ts'

/**
 * The origin of an http URL that secrets may belong to; undefined of any other. Of any other scheme the origin is "null", one for
 * all of them, and a host that stands behind a user name, `https://swift.example.org@198.51.100.1/`, is there to be misread.
 */
export function originOf(url: string): string | undefined {
  return known(url).origin
}

// Each request is asked for it many times.
const known = remembered((url): { readonly origin?: string } => {
  if (!URL.canParse(url)) return {}
  const { protocol, origin, username, password } = new URL(url)
  return /^https?:$/.test(protocol) && username === '' && password === '' ? { origin } : {}
})
