import type { HelperGroup } from './helper-group.ts'
import { exchangeHelpers } from './helpers-exchange.ts'

/** What sends requests, and asks for a new token where a service takes the old one no more. */
export const requestHelpers = {
  origin: {
    text: `
# Which Keystone's tokens may go to which origin, a line for each: its own and those of its catalogs; "own" stands for the
# credentials of the environment. And which Keystone gave a token.
_homes='' _issuers=''
jq_origin='def origin: (capture("\\\\A(?<scheme>https?)://([^/?#]*@)?(?<host>[A-Za-z0-9._:\\\\[\\\\]-]+)([/?#]|\\\\z)"; "i")
  | "\\(.scheme)://\\(.host)" | ascii_downcase
  | if startswith("https:") then sub(":443$"; "") else sub(":80$"; "") end) // "";'

# origin_of URL: scheme, host and port; jq is asked where they are not written as they are compared.
origin_of() {
  _host=\${1#*://} _host=\${_host%%[/?#]*}
  case \${1%%://*}://$_host in
    *:80 | *:443 | *[!a-z0-9.:/-]*) ;;
    http://?* | https://?*)
      printf '%s' "\${1%%://*}://$_host"
      return
      ;;
  esac
  printf '%s' "$1" | jq -Rrs "$jq_origin origin"
}

# trust URL KEYSTONE: lets its server have the tokens of this Keystone.
trust() { _homes="$_homes$_newline$2 $(origin_of "$1")"; }

# is_trusted URL TOKEN: whether its server may have the token; what is no token of a login here may go to any cloud.
is_trusted() {
  _origin=$(origin_of "$1")
  [ "$_origin" ] || return 1
  case $_issuers$_newline in
    *"$_newline$2 "*)
      _issuer=\${_issuers##*"$_newline$2 "}
      case $_homes$_newline in *"$_newline\${_issuer%%"$_newline"*} $_origin$_newline"*) return 0 ;; esac
      return 1
      ;;
  esac
  case $_homes$_newline in
    *" $_origin$_newline"*) return 0 ;;
  esac
  return 1
}`,
  },
  parts: {
    text: `
# What writes the parts of a form as a configuration of curl.
jq_parts=$(
  cat <<'JQ'
def quoted: "\\"" + gsub("(?<sign>[\\\\\\\\\\"])"; "\\\\\\(.sign)") + "\\"";
def setting($option): $option + " = " + (quoted | gsub("\\n"; "\\\\n") | gsub("\\r"; "\\\\r"));
JQ
)`,
  },
  readable: {
    text: `
# readable FILE: whether it can be read.
readable() { [ -r "$1" ] || fail 1 "The file \\"$1\\" cannot be read."; }`,
  },
  inside: {
    text: `
# inside read|write FOLDER FILE: whether a file stays in the folder of its path's literal part, whatever its values are; for
# one that is read links are followed, one that is written takes the place of a link.
inside() {
  case \${3#"$2"/}/ in
    /* | ../* | */../*) _real='' ;;
    *)
      [ "$1" = read ] && _real=$3 || _real=\${3%/*}
      # What is not there is told by whoever opens it.
      [ -e "$_real" ] || return 0
      _real=$(readlink -f "$_real")
      ;;
  esac
  case $_real/ in
    "$(readlink -f "$2")"/*) ;;
    *) fail 3 "A value in the path \\"$3\\" leads out of the folder \\"$2\\"." ;;
  esac
}`,
  },
  send: {
    needs: ['insist', 'answer'],
    text: `
# %SEND% [OPTIONS] METHOD URL [HEADER]...: sends a request with the token, follows redirects with the same method, and
# leaves the answer in $_status and response.json. Headers and URL go to curl in a file, never as its arguments.
%SEND%() {
  _body='' _form='' _upload='' %UNSAVED%_token=yes _follow=yes%RENEW%
  while :; do
    case $1 in
      --body) _body=$2 ;;
      --form) _form=$2 ;;
      --upload) _upload=$2 ;;
%SAVE_OPTION%      --token) _token=$2 ;;
      --follow) _follow=$2 ;;
%RENEW_OPTION%      *) break ;;
    esac
    shift 2
  done
  _method=$1 _url=$2
  shift 2
  case $_url in
    [Hh][Tt][Tt][Pp]://* | [Hh][Tt][Tt][Pp][Ss]://*) ;;
    *://* | '') fail 3 "A request goes to http or https, not to \\"$_url\\"." || return "$?" ;;
    *)
      [ "\${endpoint-}" ] || fail 3 "\\"$_url\\" is relative, and no endpoint has been picked." || return "$?"
      _url=$(printf '%s' "$endpoint" | sed 's|/*$||')/$(printf '%s' "$_url" | sed 's|^/*||')
      ;;
  esac
  case $_url in
    *[!A-Za-z0-9/:.?=\\&%+,~_@\\;!$\\'\\(\\)*#\\[\\]-]*)
      _url=$(printf '%s' "$_url" | jq -Rrs '"[\\t-\\r \\"<>\\\\\\\\^\`{|}]|[^\\u0001-\\u007f]" as $unwritable
        | [match("\\($unwritable)|[\\u0001-\\u0008\\u000e-\\u001f!#-;=?-\\\\[\\\\]_a-z~\\u007f]+"; "g").string
          | if test($unwritable) then @uri else . end] | join("")')
      case $_url in
        *["$_controls"]*) fail 3 'The URL has a character that cannot be sent.' || return "$?" ;;
      esac
      ;;
  esac
  %FOLLOW% "$@" || no_answer "$?" || return "$?"
  answer
}`,
  },
  ...exchangeHelpers,
  renew: {
    needs: ['send', 'log_in'],
    text: `
# send [OPTIONS] METHOD URL [HEADER]...: as ask; a service that takes the token no more is asked again with a new one.
send() {
  ask "$@" || return "$?"
  [ "$_carried$_status" = yes401 ] || return 0
  # What is asked about this very token is not asked about another.
  case "$*" in *"$token"*) return 0 ;; esac
  renew || return 0
  ask "$@"
}

# renew: a new token in the place of one that has come to its end, but for logins that cannot be repeated; without one
# the answer that is there stands.
renew() {
  case $_tokens in *"$token "*) ;; *) return 1 ;; esac
  case " $_methods_of_login " in *' token '* | *' totp '*) return 1 ;; esac
  mv "$work/response.json" "$work/refused.json"
  _held=$_deferred
  ! log_in || return 0
  echo 'The token could not be renewed.' >&2
  mv "$work/refused.json" "$work/response.json"
  _deferred=$_held _status=401
  return 1
}`,
  },
  refused: {
    text: `
# refused STATUS MESSAGE: fail after a status that is a refusal, lost after any other.
refused() {
  case $_status in
    4??) fail "$@" ;;
    *) lost "$@" ;;
  esac
}`,
  },
  accept: {
    needs: ['refused'],
    text: `
# accept [STATUS]...: one of these statuses is right; without any, all below 400 are.
accept() {
  if [ $# -eq 0 ]; then
    [ "$_status" -lt 400 ] || refused 4 "status: expected below 400, found $_status."
    return "$?"
  fi
  for _expected in "$@"; do
    [ "$_status" != "$_expected" ] || return 0
  done
  [ $# -eq 1 ] || set -- "one of $(printf '%s, ' "$@" | sed 's/, $//')"
  refused 4 "status: expected $1, found $_status."
}`,
  },
} as const satisfies HelperGroup
