import type { FrameParts } from '../frame.ts'
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
  if (has.credentials && all.has('exchange')) add('keep_home')
  const { words, fields } = hashes(has.hashes)
  const certificates = certificateTexts(has.certificates)
  return (Object.keys(helpers) as HelperName[])
    .filter((name) => all.has(name))
    .map((name) =>
      helpers[name].text
        .trim()
        .replace('%HASHES%', () => words)
        .replace('%HASH_FIELDS%', () => fields)
        .replace('%SAVE%', () => (all.has('save') ? saving : ''))
        .replace('%UNSAVED%', all.has('save') ? "_save='' " : '')
        .replace('%SAVE_OPTION%', all.has('save') ? '      --save) _save=$2 ;;\n' : '')
        .replace('%CERTS%', () => certificates.asked)
        .replace('%READ_CERTIFICATE%', () => certificates.read)
        .replace('%CERTIFICATE%', () => certificates.words)
        .replace('%CERTIFICATE_FIELDS%', () => certificates.fields)
        .replace('%POLL%', () => (has.polls ? whilePolling : ''))
        .replace('%FOLLOW%', has.retries ? 'persist' : 'insist')
        .replaceAll('%SEND%', has.renews ? 'ask' : 'send')
        .replace('%RENEW%', has.renews ? ' _renew=yes' : '')
        .replace('%RENEW_OPTION%', has.renews ? '      --renew) _renew=$2 ;;\n' : '')
        .replace('%NOT_CARRIED%', has.renews ? " _carried=''" : '')
        .replace('%KEEP_HOME%', has.credentials ? '  keep_home || return "$?"\n' : '')
        .replace('%OWN%', () => (has.credentials ? ownCatalog : ''))
        .replace('%CARRIED%', has.renews ? '        _carried=$_renew\n' : '')
        .replace('  _patient=5\n', (line) => (all.has('log_in') ? `${line}${remembered(has.renews)}` : line)),
    )
}

function remembered(renews: boolean): string {
  const methods = ` _methods_of_login=$(jq -r '.auth.identity.methods | join(" ")' "$work/auth")`
  return `  [ "$_name" != token ] ||
    _login=$_body_of _login_at=$_keystone _login_query=$_nocatalog _login_header=\${1-}${renews ? methods : ''}
`
}

// What the Keystone of the environment names is the cloud of its credentials.
const ownCatalog = `  [ "$(origin_of "$_keystone")" != "$(origin_of "\${OS_AUTH_URL-}")" ] ||
    _homes=$_homes$_newline$(jq -r "$jq_origin [.catalog[]?.endpoints[].url | origin] | unique[] | \\"own \\(.)\\"" "$work/$_name.json")
`

const saving = `  # What a refusal says is no file.
  case $_status in 2??) ;; *) _save='' ;; esac
  if [ "$_save" ]; then
    save || fail 1 "The file \\"$_save\\" cannot be written." || return "$?"
    _keep=''
  fi
`

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

// The names of a certificate are written as `response.certificate` has them; curl 7.88 is the first that shows it.
// https://curl.se/docs/manpage.html#-w https://docs.openssl.org/3.0/man1/openssl-namedisplay-options/
function certificateTexts(areRead: boolean): {
  readonly asked: string
  readonly read: string
  readonly words: string
  readonly fields: string
} {
  if (!areRead) return { asked: '', read: '', words: '', fields: '' }
  return {
    asked: '%%{certs}',
    read: `  sed -n '/^-----BEGIN/,/^-----END/p;/^-----END/q' "$work/result" >"$work/certificate.pem"
  openssl x509 -in "$work/certificate.pem" -noout -subject -issuer -startdate -enddate \\
    -nameopt esc_2253,esc_ctrl,utf8,sep_multiline,sname >"$work/certificate" 2>"$work/complaint" || : >"$work/certificate"
`,
    words: '--rawfile certificate "$work/certificate" ',
    fields: `      | def dn($of): [capture("(^|\\n)\\($of)=(?<lines>(\\n    [^\\n]*)*)").lines | split("\\n")[] | ltrimstr("    ")
          | select(. != "")] | join(", ");
        def at($of): capture("(^|\\n)\\($of)=(?<time>[^\\n]*)").time | strptime("%b %d %H:%M:%S %Y GMT") | mktime;
        if $certificate == "" then . else .certificate = ($certificate | {subject: dn("subject"), issuer: dn("issuer"),
          valid_from: (at("notBefore") | todate), valid_to: (at("notAfter") | todate),
          days_left: ((at("notAfter") - now) / 86400 | floor)}) end
`,
  }
}
