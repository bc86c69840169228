import type { FrameParts } from './frame.ts'
import type { HelperName } from './helpers.ts'
import { helpers } from './helpers.ts'

/** The functions that a script needs, with those that they call; a part that nothing of the script uses is not in them. */
export function helperTexts(wanted: ReadonlySet<HelperName>, has: FrameParts): readonly string[] {
  const all = new Set<HelperName>()
  const add = (name: HelperName): void => {
    if (all.has(name)) return
    all.add(name)
    helpers[name].needs?.forEach(add)
  }
  wanted.forEach(add)
  if (has.tokens) add('forget_token')
  const { words, fields } = hashes(has.hashes)
  return (Object.keys(helpers) as HelperName[])
    .filter((name) => all.has(name))
    .map((name) =>
      helpers[name].text
        .trim()
        .replace('%HASHES%', () => words)
        .replace('%HASH_FIELDS%', () => fields)
        .replace('%POLL%', () => (has.polls ? whilePolling : ''))
        .replace('%FOLLOW%', has.retries ? 'persist' : 'follow')
        .replace('  _patient=yes\n', (line) => (has.tokens && has.deferred ? `${line}${remembered}` : line)),
    )
}

const remembered = '  [ "$_name" != token ] || _login=$_body_of _login_at=$_keystone\n'

const whilePolling = `  [ "$_result" != 28 ] || [ "$_asked" -eq 0 ] || { too_late; return "$?"; }
`

// Hashes are made only where the recipe looks at them.
function hashes(areRead: boolean): { readonly words: string; readonly fields: string } {
  if (!areRead) return { words: '', fields: '' }
  return {
    words:
      '--arg md5 "$(md5sum <"$_source" | cut -c 1-32)" --arg sha256 "$(sha256sum <"$_source" | cut -c 1-64)" ',
    fields: ', $md5, $sha256',
  }
}
