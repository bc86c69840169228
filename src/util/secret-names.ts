import { remembered } from './remembered.ts'

// Both patterns are extended regular expressions that JavaScript and grep read alike: exported scripts have them, too. They
// are for names in small letters with `-` between their words.

const endings =
  'password|passwd|passphrase|passcode|passkey|secret|token|psk|(api|auth|access|secret|private|temp-?url|pre-?shared|shared|share|sync|signing|encryption|decryption|session|service|storage|master|account|customer|admin|hmac|transfer)-?key|(admin|user|root|storage|ssh|db|ftp|ipmi)pass'

const wholeWords = 'pass|pwd|pw|pin|pat|otp|totp|jwt|csrf|xsrf|cookie|authorization|auth-receipt|token-id'

/** What the names of secrets end in. */
export const secretNamePattern = `(${endings}|(^|-)(${wholeWords}))s?(-?[0-9]+)?$`

/** Names that end so and are none: of pages and positions, of counts, of what is public, of the folder of a shell. */
export const publicNamePattern =
  '(next|page|paging|pagination|continuation|continue|resume|cursor|scroll|change|delta|sync|cancel(lation)?)-?tokens?$|public-?(token|key|secret)s?$|(max|min|total|input|output|prompt|completion|num|used|remaining)-?(new-?)?tokens$|^(old-?)?pwd$'

const secretName = new RegExp(secretNamePattern)
const publicName = new RegExp(publicNamePattern)

/**
 * Whether what has this name is a secret, by the last words of the name in any case and with any separators: a header, a field
 * of JSON or of a form, a variable. The one vocabulary of all that hides, imports, exports and redirects.
 *
 * @example
 * isSecretName('X-Auth-Token') && isSecretName('adminPass') && isSecretName('MYSQL_PWD') && !isSecretName('next_token')
 */
export function isSecretName(name: string): boolean {
  return name.length <= longestName && hasSecretWords(name)
}

const hasSecretWords = remembered((name) => {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '')
  return secretName.test(words) && !publicName.test(words)
})

/** A longer name is no word of an API. */
const longestName = 200

/** Whether a header is for a token of OpenStack: `X-Auth-Token`, `X-Subject-Token`, `X-Service-Token`. */
export function isTokenHeader(name: string): boolean {
  return /^x-.*token$/i.test(name) && isSecretName(name)
}

/** Whether a mapping of this name has a token as its `id`, as Keystone's logins do. */
export function isTokenField(name: string): boolean {
  return /token$/i.test(name) && isSecretName(name)
}

/** Whether a parameter of a URL or of a form is a secret by its name; a signature lets whoever has it do what it grants. */
export function isSecretParameter(name: string): boolean {
  return isSecretName(name) || /^(temp_url_sig|sig|signature|x-amz-(signature|credential))$/i.test(name)
}

/**
 * Whether nobody may see the value of an environment variable by its name. Nobody knows who made these names, so that more of
 * them are secrets than of fields.
 */
export function isSecretVariable(name: string): boolean {
  return isSecretName(name) || /PASS|SECRET|TOKEN|KEY|CREDENTIAL|(^|_)AUTH$/i.test(name)
}

/** The password in a URL such as those of databases and proxies, as it is written there; undefined where there is none. */
export function passwordOfUrl(url: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*:([^/?#\s]+)@/i.exec(url)?.[1]
}
