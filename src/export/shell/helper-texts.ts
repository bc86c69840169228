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
  for (const name of wanted) if (name !== 'renew' || has.renews) add(name)
  if (has.tokens) add('forget_token')
  if (has.tokens && has.deferred) add('log_in')
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
        .replaceAll('%SEND%', has.renews ? 'ask' : 'send')
        .replace('%RENEW%', has.renews ? ' _renew=yes' : '')
        .replace('%RENEW_OPTION%', has.renews ? '      --renew) _renew=$2 ;;\n' : '')
        .replace('%NOT_CARRIED%', has.renews ? " _carried=''" : '')
        .replace('%CARRIED%', has.renews ? '        _carried=$_renew\n' : '')
        .replace('  _patient=yes\n', (line) =>
          all.has('log_in') ? `${line}${remembered(has.renews)}` : line,
        ),
    )
}

function remembered(renews: boolean): string {
  const methods = ` _methods_of_login=$(jq -r '.auth.identity.methods | join(" ")' "$work/auth")`
  return `  [ "$_name" != token ] ||
    _login=$_body_of _login_at=$_keystone _login_query=$_nocatalog _login_header=\${1-}${renews ? methods : ''}
`
}

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
