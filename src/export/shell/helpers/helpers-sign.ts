import type { HelperGroup } from './helper-group.ts'

/** What signs temporary URLs, in scripts that do. */
export const signHelpers = {
  hmac: {
    text: `
# pad HEX SIZE NUMBER: the bytes of a key, with zeros up to SIZE, each combined with NUMBER.
pad() {
  _hex=$1 _at=0 _padded=''
  while [ "$_at" -lt "$2" ]; do
    _rest=\${_hex#??}
    _byte=$((0x0\${_hex%"$_rest"} ^ $3))
    _padded="$_padded\\\\0$((_byte / 64))$((_byte / 8 % 8))$((_byte % 8))"
    _hex=$_rest _at=$((_at + 1))
  done
  printf '%b' "$_padded"
}

# hmac DIGEST KEY: the HMAC of its input, in hex, as in RFC 2104. openssl reads the key, so that no list of processes has it.
hmac() {
  _size=64
  [ "$1" != sha512 ] || _size=128
  _key=$(printf '%s' "$2" | od -An -v -tx1 | tr -d ' \\n')
  [ "\${#_key}" -le $((_size * 2)) ] || _key=$(printf '%s' "$2" | openssl dgst "-$1" -r | cut -d ' ' -f 1)
  {
    pad "$_key" "$_size" 0x5c
    {
      pad "$_key" "$_size" 0x36
      cat
    } | openssl dgst "-$1" -binary
  } | openssl dgst "-$1" -r | cut -d ' ' -f 1
}`,
  },
  sign: {
    needs: ['hmac', 'query', 'masked'],
    text: `
# sign [--prefix TEXT] [--ip-range TEXT] NAME METHOD SECONDS DIGEST URL KEY: sets NAME to a temporary URL of an object.
sign() {
  unset _prefix _range
  while :; do
    case $1 in
      --prefix) _prefix=$2 ;;
      --ip-range) _range=$2 ;;
      *) break ;;
    esac
    shift 2
  done
  # The path as printf's %b reads it: what is signed are the bytes, not their escapes.
  _path=$(printf '%s' "$5" | jq -Rrs 'def digit: ascii_downcase | explode[0] | if . > 96 then . - 87 else . - 48 end;
    def octal: "\\\\0\\(. / 64 | floor)\\(. / 8 | floor % 8)\\(. % 8)";
    capture("\\\\Ahttps?://[^/?#]+(?<path>[^?#]*)"; "i").path
    | capture("(?<root>/v1/[^/]+/[^/]+/)(?<name>.+)\\\\z") | .root, .name
    | if test("%(?![0-9A-Fa-f]{2})|%00") then empty else gsub("\\\\\\\\"; "\\\\0134")
    | gsub("%(?<high>[0-9A-Fa-f])(?<low>[0-9A-Fa-f])"; (.high | digit) * 16 + (.low | digit) | octal) end')
  _root=$(printf '%b.' "\${_path%%"$_newline"*}") _object=$(printf '%b.' "\${_path#*"$_newline"}")
  _root=\${_root%.} _object=\${_object%.}
  case $_path in
    *"$_newline"*) [ "$(printf '%s.' "$_root$_object" | jq -Rrsj .)" = "$_root$_object." ] ;;
    *) false ;;
  esac && case $_object in "\${_prefix-}"*) ;; *) false ;; esac ||
    fail 3 'Only the URL of an object below /v1/ACCOUNT can be signed.' || return "$?"
  _until=$(($(date +%s) + $3))
  _signature=$(printf '%s' "\${_range+ip=$_range$_newline}$2$_newline$_until$_newline\${_prefix+prefix:}$_root\${_prefix-$_object}" |
    hmac "$4" "$6")
  [ "$_signature" ] || fail 3 'openssl could not sign.' || return "$?"
  case $5 in *\\?*) _signed="$5&" ;; *) _signed="$5?" ;; esac
  _signed="\${_signed}temp_url_sig=$_signature&temp_url_expires=$_until"
  [ ! "\${_prefix+set}" ] || _signed="$_signed&temp_url_prefix=$(query "$_prefix")"
  [ ! "\${_range+set}" ] || _signed="$_signed&temp_url_ip_range=$(query "$_range")"
  for _secret in "$_signed" "$_signature" "$6"; do
    printf '%s' "$_secret" | jq -Rs . >>"$work/secrets"
  done
  eval "$1=\\$_signed \${1}_json=set"
}`,
  },
} as const satisfies HelperGroup
