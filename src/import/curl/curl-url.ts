import type { ShellWord } from '../conversation.ts'
import { importError } from '../place.ts'

/**
 * The URL that curl asks for: a scheme in front, no fragment, dot segments resolved unless `--path-as-is`, the
 * file's name after a last slash with `-T`, the query appended; and the `user:password` that stood in it.
 *
 * @throws OsrunError IMPORT_INVALID for curl's ranges and sets, which make many requests of one
 */
export function curlUrl(
  { text, at }: ShellWord,
  how: {
    readonly query: readonly string[]
    readonly globoff: boolean
    readonly asIs: boolean
    readonly upload: string | undefined
  },
): { readonly url: string; readonly user: string | undefined } {
  if (/[\s\p{Cc}]/u.test(text)) throw importError(at, 'A URL has no spaces.', 'Write %20 for a space.')
  if (!how.globoff && /(?<!\\)[{}]|(?<!\\)\[(?!(?=[0-9a-fA-F.%]*:)[0-9a-fA-F:.%]*\])/.test(text))
    throw importError(
      at,
      'curl makes several requests of a URL with [] or {}; that is not understood.',
      'Add -g if they are meant as they stand, or write one command for each.',
    )
  const plain = how.globoff ? text : text.replace(/\\([{}[\]])/g, '$1')
  const isOpen = plain.startsWith('\ufdd0')
  const whole = isOpen || /^[a-z][a-z0-9+.-]*:\/\//i.test(plain) ? plain : `http://${plain}`
  if (!isOpen && !/^https?:\/\//i.test(whole)) throw importError(at, 'A recipe asks http and https alone.')
  const [bare = ''] = whole.split('#')
  const [, head = '', user, path = ''] =
    /^(\ufdd0[^\ufdd1]*\ufdd1|[a-z]+:\/\/(?:([^/?@]*)@)?[^/?]*)([\s\S]*)$/i.exec(bare) ?? []
  const origin = user === undefined ? head : head.replace(`${user}@`, '')
  const queryAt = path.indexOf('?')
  const folder = queryAt < 0 ? path : path.slice(0, queryAt)
  const named = how.upload !== undefined && folder.endsWith('/') ? folder + baseName(how.upload) : folder
  const rest = [...(queryAt < 0 ? [] : [path.slice(queryAt + 1)]), ...how.query].join('&')
  const asked = queryAt < 0 && how.query.length === 0 ? '' : `?${rest}`
  return { url: `${origin}${how.asIs ? named : withoutDots(named)}${asked}`, user }
}

function baseName(path: string): string {
  return encodeURIComponent(path.split('/').at(-1) ?? '')
}

/** RFC 3986, 5.2.4. */
function withoutDots(path: string): string {
  if (!/(^|\/)\.{1,2}(\/|$)/.test(path)) return path
  const out: string[] = []
  const parts = path.split('/')
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1
    if (part !== '.' && part !== '..') out.push(part)
    else {
      if (part === '..' && out.length > 1) out.pop()
      if (isLast) out.push('')
    }
  }
  return out.join('/')
}
