#!/bin/sh
# Fill a container and wait for its count
#
# Upload several objects, wait until the container counts them all, and leave nothing behind.
#
# Made by osrun export from recipes/container-fill.yaml. Needs curl and jq. Exit status: 0 passed, 1 wrong usage, 3 could not ask,
# 4 an expectation was not met, 5 authentication or catalog failed, 6 cleaning up failed, 130 interrupted.
set -u

# --- The cloud ---
OS_AUTH_URL=${OS_AUTH_URL-https://keystone.example/v3}
OS_USERNAME=${OS_USERNAME-learner}
OS_USER_DOMAIN_NAME=${OS_USER_DOMAIN_NAME-Default}
[ -n "${OS_PASSWORD-}" ] || { echo 'OS_PASSWORD is not set.' >&2; exit 1; }
OS_PROJECT_NAME=${OS_PROJECT_NAME-workshop}
OS_PROJECT_DOMAIN_NAME=${OS_PROJECT_DOMAIN_NAME-Default}
OS_REGION_NAME=${OS_REGION_NAME-}
OS_INTERFACE=${OS_INTERFACE-public}

# --- What every script of this kind needs ---

for _program in curl jq; do
  command -v "$_program" >/dev/null || { echo "This script needs $_program." >&2; exit 1; }
done
LC_ALL=C
export LC_ALL
umask 077
work=$(mktemp -d) || exit 1
: >"$work/secrets"
run_id=$(od -An -N4 -tx1 /dev/urandom | tr -d ' \n')
_controls=$(printf '\001\002\003\004\005\006\007\010\012\013\014\015\016\017\020\021\022\023\024\025\026\027\030\031\032\033\034\035\036\037\177')
_step='' _child='' _deadline='' _interrupted='' _signalled='' _patient='' _cleaning='' _deferred='' _before='' _tokens='' _by='' _defers=0 _unkept='' _asked=0 _times=0 _methods=''
_newline='
'

# step TITLE: says what is done next.
step() {
  keep
  _step=$1 _before=$_deferred _by='' _asked=0 _times=0
  printf -- '- %s\n' "$1"
}

# fail STATUS MESSAGE: ends a step whose request was refused or never made; the script's exit status becomes STATUS:
# 1 wrong usage, 3 could not ask, 4 an expectation was not met, 5 authentication or catalog failed, 6 cleaning up failed.
fail() {
  printf '%s: %s\n' "$_step" "$2" >&2
  _deferred=$_before
  return "$1"
}

# lost STATUS MESSAGE: as fail, where the server may have done what was asked, so that it is cleaned up.
lost() {
  printf '%s: %s\n' "$_step" "$2" >&2
  return "$1"
}

# defer FUNCTION [NAME]...: runs it at the end, last registered first, with these names as they are after this step.
defer() {
  _defers=$((_defers + 1)) _unkept="$*"
  _deferred="$1:$_defers $_deferred"
}

# keep: keeps the names that the last defer spoke of; those that end with .json are files.
keep() {
  for _name in ${_unkept#"${_unkept%% *}"}; do
    case $_name in
      *.json) cp "$work/$_name" "$work/$_defers-$_name" ;;
      *) eval "_${_name}_$_defers=\$$_name" ;;
    esac
  done
  _unkept=''
}

# recall NAME...: gives the names back what they were.
recall() {
  for _name in "$@"; do
    case $_name in
      *.json) cp "$work/$_of-$_name" "$work/$_name" ;;
      *) eval "$_name=\$_${_name}_$_of" ;;
    esac
  done
}

# What happens at the end, however it comes: deferred steps, then the revocation of tokens.
clean_up() {
  _exit=$?
  _left='' _function=''
  trap '' HUP PIPE XCPU
  # What a signal that comes twice would end is not begun before the second one has come.
  [ ! "$_signalled" ] || sleep 1
  trap stop INT TERM QUIT ALRM USR1 USR2
  trap - EXIT
  [ ! "$_child" ] || kill "$_child" 2>/dev/null
  _interrupted='' _cleaning=yes _by='' _asked=0 _times=0
  _deadline=$(($(date +%s) + 30))
  if [ "$_deferred" ] && [ "${token-}" ]; then
    case $_tokens in
      *"$token "*) ;;
      *) log_in || echo 'No token for cleaning up.' >&2 ;;
    esac
  fi
  while [ "$_deferred" ]; do
    keep
    _function=${_deferred%% *} _deferred=${_deferred#* }
    _of=${_function#*:} _function=${_function%:*}
    "$_function" || _left="$_left $_function"
  done
  _by='' _times=0
  _step='revoke the token'
  while read -r _token_left _keystone_left; do
    [ "$_token_left" ] || continue
    forget_token "$_token_left" "$_keystone_left" || _left="$_left a live token"
  done <<EOF
$_tokens
EOF
  rm -rf "$work"
  if [ "$_left" ]; then
    echo "Cleaning up failed:$_left." >&2
    [ "$_exit" -ne 0 ] || _exit=6
  fi
  [ "$_exit" -ne 0 ] || echo passed || _exit=1
  exit "$_exit"
}

# Whether a signal comes with the one before, as those of timeout do, which sends two.
is_same() { [ "$_signalled" ] && [ "$(date +%s)" -le $((_signalled + 1)) ]; }

interrupt() {
  if [ "$_patient" ] && { [ ! "$_interrupted" ] || is_same; }; then
    _signalled=${_signalled:-$(date +%s)} _interrupted=yes
    return 0
  fi
  trap '' INT TERM QUIT ALRM USR1 USR2 HUP PIPE XCPU
  _signalled=${_signalled:-$(date +%s)}
  exit 130
}

# Whoever read the output is gone, and nothing more is said to them.
unheard() {
  exec >/dev/null
  interrupt
}

# While it is cleaned up: a signal of its own stops at once.
stop() {
  ! is_same || return 0
  echo "Cleaning up was interrupted; left: $_function ${_deferred:-no more deferred steps}${_tokens:+ and live tokens}." >&2
  rm -rf "$work"
  exit 130
}
trap clean_up EXIT
trap interrupt INT TERM QUIT ALRM USR1 USR2 HUP XCPU
trap unheard PIPE
# What may not grow any more is told by the write that fails.
trap '' XFSZ

# path TEXT: percent-encodes it for the path of a URL; slashes stay. Most texts need no encoding, and so no jq.
path() {
  case $1 in
    *[!A-Za-z0-9/._~-]*)
      printf '%s' "$1" | jq -Rrs '@uri | gsub("!"; "%21") | gsub("\u0027"; "%27") | gsub("[(]"; "%28") | gsub("[)]"; "%29")
        | gsub("[*]"; "%2A") | gsub("%2F"; "/")'
      ;;
    *) printf '%s' "$1" ;;
  esac
}

# Which Keystone's tokens may go to which origin, a line for each: its own and those of its catalogs; "own" stands for the
# credentials of the environment. And which Keystone gave a token.
_homes='' _issuers=''
jq_origin='def origin: (capture("\\A(?<scheme>https?)://([^/?#]*@)?(?<host>[A-Za-z0-9._:\\[\\]-]+)([/?#]|\\z)"; "i")
  | "\(.scheme)://\(.host)" | ascii_downcase
  | if startswith("https:") then sub(":443$"; "") else sub(":80$"; "") end) // "";'

# origin_of URL: scheme, host and port; jq is asked where they are not written as they are compared.
origin_of() {
  _host=${1#*://} _host=${_host%%[/?#]*}
  case ${1%%://*}://$_host in
    *:80 | *:443 | *[!a-z0-9.:/-]*) ;;
    http://?* | https://?*)
      printf '%s' "${1%%://*}://$_host"
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
      _issuer=${_issuers##*"$_newline$2 "}
      case $_homes$_newline in *"$_newline${_issuer%%"$_newline"*} $_origin$_newline"*) return 0 ;; esac
      return 1
      ;;
  esac
  case $_homes$_newline in
    *" $_origin$_newline"*) return 0 ;;
  esac
  return 1
}

# ask [OPTIONS] METHOD URL [HEADER]...: sends a request with the token, follows redirects with the same method, and
# leaves the answer in $_status and response.json. Headers and URL go to curl in a file, never as its arguments.
ask() {
  _body='' _form='' _upload='' _token=yes _follow=yes _renew=yes
  while :; do
    case $1 in
      --body) _body=$2 ;;
      --form) _form=$2 ;;
      --upload) _upload=$2 ;;
      --token) _token=$2 ;;
      --follow) _follow=$2 ;;
      --renew) _renew=$2 ;;
      *) break ;;
    esac
    shift 2
  done
  _method=$1 _url=$2
  shift 2
  case $_url in
    [Hh][Tt][Tt][Pp]://* | [Hh][Tt][Tt][Pp][Ss]://*) ;;
    *://* | '') fail 3 "A request goes to http or https, not to \"$_url\"." || return "$?" ;;
    *)
      [ "${endpoint-}" ] || fail 3 "\"$_url\" is relative, and no endpoint has been picked." || return "$?"
      _url=$(printf '%s' "$endpoint" | sed 's|/*$||')/$(printf '%s' "$_url" | sed 's|^/*||')
      ;;
  esac
  case $_url in
    *[!A-Za-z0-9/:.?=\&%+,~_@\;!$\'\(\)*#\[\]-]*)
      _url=$(printf '%s' "$_url" | jq -Rrs '"[\t-\r \"<>\\\\^`{|}]|[^\u0001-\u007f]" as $unwritable
        | [match("\($unwritable)|[\u0001-\u0008\u000e-\u001f!#-;=?-\\[\\]_a-z~\u007f]+"; "g").string
          | if test($unwritable) then @uri else . end] | join("")')
      case $_url in
        *["$_controls"]*) fail 3 'The URL has a character that cannot be sent.' || return "$?" ;;
      esac
      ;;
  esac
  persist "$@" || no_answer "$?" || return "$?"
  answer
}

# follow [HEADER]...: one request, and those that its redirects lead to. Headers that are secrets stay behind when another
# server is reached that is not in the catalog, and a body is not sent there.
follow() {
  _hops=0 _from=$_url _trusted='' _strayed='' _moved=''
  is_trusted "$_url" "${token-}" && _trusted=yes
  while :; do
    exchange "$@" || return "$?"
    case $_follow$_status in
      yes30[12378]) [ "$_location" ] || break ;;
      *) break ;;
    esac
    _hops=$((_hops + 1))
    [ "$_hops" -le 10 ] || fail 3 "$_from was redirected more than 10 times, lately to $_location." || return "$?"
    case $_location in
      [Hh][Tt][Tt][Pp]://* | [Hh][Tt][Tt][Pp][Ss]://*) ;;
      *) fail 3 "A redirect leads to $_location, which is not HTTP." || return "$?" ;;
    esac
    if [ "$(origin_of "$_location")" != "$(origin_of "$_url")" ] && ! is_trusted "$_location" "${token-}"; then
      _strayed=yes
      [ ! "$_body$_form$_upload" ] ||
        fail 3 "$_url redirects to $(origin_of "$_location"), which is not in the catalog, so it gets no body." || return "$?"
    fi
    [ "$(host_of "$_location")" = "$(host_of "$_url")" ] || _moved=yes
    _url=$_location
  done
}

# host_of URL: the name or the address of its server.
host_of() {
  _host=${1#*://} _host=${_host%%[/?#]*}
  case $_host in *]) ;; *) _host=${_host%:*} ;; esac
  printf '%s' "$_host"
}

# no_answer STATUS: says what curl complained of.
no_answer() {
  [ "$_result" != 28 ] || [ "$_asked" -eq 0 ] || { too_late; return "$?"; }
  case $_result in
    '') return "$1" ;;
    8 | 16 | 18 | 28 | 52 | 55 | 56 | 61 | 92) lost 3 "$_method $_url: $(cat "$work/complaint")" ;;
    *) fail 3 "$_method $_url: $(cat "$work/complaint")" ;;
  esac
}

# is_secret NAME: whether a header is a secret by the words of its name.
is_secret() {
  _words=$(printf '%s' "$1" | sed 's/\([a-z0-9]\)\([A-Z]\)/\1-\2/g; s/[^A-Za-z0-9]\{1,\}/-/g' | tr '[:upper:]' '[:lower:]')
  printf '%s\n' "$_words" | grep -Eq '(password|passwd|passphrase|passcode|passkey|secret|token|psk|(api|auth|access|secret|private|temp-?url|pre-?shared|shared|share|sync|signing|encryption|decryption|session|service|storage|master|account|customer|admin|hmac|transfer)-?key|(admin|user|root|storage|ssh|db|ftp|ipmi)pass|(^|-)(pass|pwd|pw|pin|pat|otp|totp|jwt|csrf|xsrf|cookie|authorization|auth-receipt|token-id))s?(-?[0-9]+)?$' && ! printf '%s\n' "$_words" | grep -Eq '(next|page|paging|pagination|continuation|continue|resume|cursor|scroll|change|delta|sync|cancel(lation)?)-?tokens?$|public-?(token|key|secret)s?$|(max|min|total|input|output|prompt|completion|num|used|remaining)-?(new-?)?tokens$|^(old-?)?pwd$'
}

# exchange [HEADER]...: one request and its answer; leaves curl's exit status in $_result, or nothing there.
exchange() {
  _result='' _carried=''
  : >"$work/headers"
  for _header in "$@"; do
    case $_header in
      *["$_controls"]*) fail 3 'A header has a character that cannot be sent.' || return "$?" ;;
    esac
    [ ! "$_strayed" ] || ! is_secret "${_header%%:*}" || continue
    # A Host that was given is that of the first server alone.
    case $_moved$_header in yes[Hh][Oo][Ss][Tt]:*) continue ;; esac
    case $_token$_header in
      always*) ;;
      yes[Xx]-*[Tt][Oo][Kk][Ee][Nn]:* | no[Xx]-*[Tt][Oo][Kk][Ee][Nn]:*)
        is_trusted "$_url" "${_header#*: }" || fail 3 "The server of $_url is not in the catalog, so it gets no token." || return "$?"
        ;;
    esac
    # curl takes a header that ends with its colon for one to leave out.
    case $_header in
      *': ') printf '%s;\n' "${_header%: }" ;;
      *) printf '%s\n' "$_header" ;;
    esac >>"$work/headers"
  done
  if [ "${token-}" ] && [ ! "$_strayed" ]; then
    case $_token$_trusted in
      yesyes | always*)
        printf 'X-Auth-Token: %s\n' "$token" >>"$work/headers"
        _carried=$_renew
        ;;
    esac
  fi
  keep_home || return "$?"
  printf 'Expect:\n' >>"$work/headers"
  [ "$_form" ] || grep -iq '^content-type:' "$work/headers" || printf 'Content-Type:\n' >>"$work/headers"
  _limit=''
  if [ "$_by" ]; then
    _limit=$(jq -n "[$_by, ${_deadline:-infinite}] | min - now")
  elif [ "$_deadline" ]; then
    _limit=$((_deadline - $(date +%s)))
  fi
  case $_limit in
    0 | -* | *e-*)
      echo 'There is no time left.' >"$work/complaint"
      _result=28
      return 3
      ;;
  esac
  [ ! "$_patient" ] || [ ! "$_limit" ] || _limit=$(jq -n "$_limit + $_patient")
  {
    printf 'silent\nshow-error\ngloboff\npath-as-is\nconnect-timeout = 30\nspeed-limit = 10\nspeed-time = 60\n'
    [ ! "$_limit" ] || printf 'max-time = %s\n' "$_limit"
    printf 'header = "@%s"\ndump-header = "%s"\n' "$work/headers" "$work/answer-headers"
    printf 'write-out = "%%{http_code}\\n%%{time_total}\\n%%{redirect_url}\\n"\n'
    if [ "$_method" = HEAD ]; then
      printf 'head\noutput = "/dev/null"\n'
    else
      printf 'request = "%s"\noutput = "%s"\n' "$_method" "$work/answer-body"
    fi
    printf 'url = "%s"\n' "$_url"
    if [ "$_body" ]; then
      printf 'data-binary = "@%s"\n' "$_body"
    elif [ "$_form" ]; then
      cat "$_form"
    elif [ ! "$_upload" ]; then
      case $_method in PUT | POST | PATCH) printf 'data-binary = ""\n' ;; esac
    fi
  } >"$work/curl"
  set -- -q --config "$work/curl"
  if [ "$_upload" ]; then
    [ -r "$_upload" ] || fail 1 "The file \"$_upload\" cannot be read." || return "$?"
    case $_method$_url in
      PUT*[!/]) set -- "$@" --upload-file "$_upload" ;;
      *) set -- "$@" --data-binary "@$_upload" ;;
    esac
  fi
  if [ "${OS_INSECURE-}" = true ]; then
    set -- "$@" --insecure
  elif [ "${OS_CACERT-}" ]; then
    set -- "$@" --cacert "$OS_CACERT"
  fi
  [ ! "${OS_CERT-}" ] || set -- "$@" --cert "$OS_CERT"
  [ ! "${OS_KEY-}" ] || set -- "$@" --key "$OS_KEY"
  : >"$work/answer-headers"
  : >"$work/answer-body"
  # curl runs in the background, so that a signal is heard while it waits.
  # What all programs of a terminal or of timeout get does not end a request that is waited for.
  {
    [ ! "$_patient$_cleaning" ] || trap '' TERM HUP
    exec curl "$@"
  } >"$work/result" 2>"$work/complaint" &
  _child=$!
  while :; do
    wait "$_child"
    _result=$?
    kill -0 "$_child" 2>/dev/null || break
  done
  _child=''
  {
    read -r _status
    read -r _seconds
    read -r _location
  } <"$work/result"
  [ "$_result" -eq 0 ] || return 3
}

# keep_home: refuses a request by which a credential of the environment, or a token of another cloud, would come to a server that
# is neither its own cloud's nor in $_allowed.
_allowed=''
keep_home() {
  _site=$(origin_of "$_url") _strange=own
  case $_allowed$_newline in *"$_newline$_site$_newline"*) return 0 ;; esac
  [ "$_token" != always ] || is_trusted "$_url" "${token-}" ||
    fail 1 "The token is not for $_site: export with --allow-origin if that server is to have it." || return "$?"
  case $_homes$_newline in *"${_newline}own $_site$_newline"*) _strange='' ;; esac
  for _gate in "${OS_AUTH_URL-}" "${OS_DISCOVERY_ENDPOINT-}" "${OS_ACCESS_TOKEN_ENDPOINT-}" "${OS_IDENTITY_PROVIDER_URL-}"; do
    [ ! "$_gate" ] || [ "$(origin_of "$_gate")" != "$_site" ] || _strange=''
  done
  while read -r _held_token _; do
    [ ! "$_held_token" ] || is_trusted "$_url" "$_held_token" || _strange=$_strange$_newline$_held_token
  done <<EOF
$_tokens
EOF
  [ "$_strange" ] || return 0
  {
    printf '%s\n' "$_url"
    cat "$work/headers" ${_body:+"$_body"} ${_form:+"$_form"}
  } >"$work/sent"
  _stray=$(printf '%s' "$_strange" | jq -Rrs --slurpfile credentials "$work/credentials" --rawfile sent "$work/sent" '
    def quoted: @uri | gsub("!"; "%21") | gsub("\u0027"; "%27") | gsub("[(]"; "%28") | gsub("[)]"; "%29") | gsub("[*]"; "%2A");
    split("\n") | (if .[0] == "own" then $credentials else [] end) + (.[1:] | map({name: "A token", value: .}))
    | map(.value as $value | select(($value | length) > 3 and any(($value, ($value | @uri, quoted, (quoted | gsub("%2F"; "/")), tojson[1:-1], @base64),
        ($value | quoted | gsub("%20"; "+") | gsub("~"; "%7E") | gsub("%2A"; "*"))); . as $form
        | $sent | contains($form))) | .name)[0] // ""')
  [ ! "$_stray" ] || fail 1 "$_stray is not for $_site: export with --allow-origin if that server is to have it."
}

# answer: puts the answer into response.json, as the recipe sees it.
answer() {
  _source=$work/answer-body _keep=yes
  _size=$(wc -c <"$_source")
  [ "$_size" -le 67108864 ] || _keep=''
  [ "$_keep" ] && _kept=$_source || _kept=/dev/null
  if [ "$_keep" ] && grep -iq '^content-encoding: *\(x-\)\{0,1\}gzip' "$work/answer-headers"; then
    gzip -dc <"$_source" >"$work/answer-text" 2>/dev/null && _kept=$work/answer-text
  fi
  jq -nc --arg status "$_status" --arg seconds "$_seconds" --arg size "$_size" --arg keep "$_keep" \
    \
    --rawfile headers "$work/answer-headers" --rawfile body "$_kept" '
      {status: ($status | tonumber), duration: ($seconds | tonumber * 1000), size: ($size | tonumber),
        headers: (reduce ($headers | gsub("\r"; "") | gsub("[ \t]*\n[ \t]+"; " ") | split("\n\n") | map(select(startswith("HTTP/"))) | last
          | split("\n")[1:][] | select(. != "") | capture("\\A(?<name>[^:]*):[ \t]*(?<value>.*?)[ \t]*\\z")) as $one ({};
            .[$one.name | ascii_downcase] |= if . == null then $one.value else . + ", " + $one.value end))}
      | if $keep == "" then . else ($body | ltrimstr("\ufeff")) as $text | .body = $text
        | if ($text | test("\\S")) then (try {json: ($text | fromjson)} catch {}) as $json | . + $json else . end end
    ' >"$work/response.json" || fail 3 'The answer cannot be read.'
}

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
}

# refused STATUS MESSAGE: fail after a status that is a refusal, lost after any other.
refused() {
  case $_status in
    4??) fail "$@" ;;
    *) lost "$@" ;;
  esac
}

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
}

# What comparisons in jq need: values as they are shown, and differences in words.
jq_definitions=$(
  cat <<'JQ'
def shown: tojson;
def cut: if length > 120 then .[0:117] + "..." else . end;
def miss(expected): {path: "", expected: expected, found: shown};
def is_number: test("\\A-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?\\z");
def as_number: if type == "string" and is_number then tonumber else . end;
def equals($e): . == $e or (type == "string" and (
  (($e | type) == "number" and is_number and tonumber == $e) or
  (($e | type) == "boolean" and . == ($e | tostring))));
def is($e): select(equals($e) | not) | miss($e | shown);
def one_of($list): select(. as $value | $list | any(. as $e | $value | equals($e)) | not)
  | miss(if ($list | length) == 1 then $list[0] | shown else "one of " + ($list | map(shown) | join(", ")) end);
def expected_by($e): if $e | type == "array" then one_of($e)
  elif $e | type == "object" then miss("what is known before the run") else is($e) end;
def at_key($k): .path = (if $k | type == "number" or test("\\A[0-9]+\\z") then "[\($k)]"
  elif $k | test("\\A[A-Za-z0-9_-]+\\z") then "." + $k else "[" + ($k | tojson) + "]" end) + .path;
def fits(differences): . as $given | [differences]
  | (map(select(.type) | .path) | unique) as $typed
  | map(select(.type or (.path as $path | $typed | index([$path]) | not)))
  | map(if .path == "" then .found = ($given | shown) else . end) | unique_by([.path, .expected])[];
def compare(subject; nodes; absent; differences): [nodes] as $nodes
  | (if $nodes == [] then {path: "", expected: absent, found: "nothing there"} else $nodes[0] | differences end)
  | "\(subject)\(.path): expected \(.expected | cut), found \(.found | cut)";
JQ
)

# kept FILE: fails where a step reads the body of an answer that is not kept.
kept() {
  _left_out=$(jq 'select(.size > 0 and (has("body") | not)) | .size' "$1")
  [ ! "$_left_out" ] ||
    fail 3 "The body of the answer, $_left_out bytes, is not kept: it was saved in a file, or is longer than 67108864 bytes."
}

# differences FAIL [MESSAGE]: prints the differences that a comparison has left; when there are any, ends with FAIL,
# which is fail, lost or refused.
differences() {
  [ "$(tail -n 1 "$work/differences")" = compared ] || fail 3 'The answer could not be compared.' || return "$?"
  [ "$(wc -l <"$work/differences")" -gt 1 ] || return 0
  sed '$d' "$work/differences" | masked | sed 's/^/  /; s/$/./' >&2
  "$1" 4 "${2-The answer is not as expected.}"
}

# masked: its input, with every secret in it masked.
masked() {
  jq -Rr --slurpfile secrets "$work/secrets" '
    reduce ($secrets[] | select(length > 3) | tojson | .[1:-1]) as $secret (.; split($secret) | join("***"))'
}

# within SECONDS: the longest time that the step may take.
within() { _by=$(jq -n "now + $1"); }

# pause SECONDS: waits, in the background, so that a signal is heard.
pause() {
  sleep "$1" &
  _child=$!
  wait "$_child"
  kill "$_child" 2>/dev/null
  _child=''
}

# met: whether a comparison has left no differences.
met() { [ "$(cat "$work/differences")" = compared ]; }

# again SECONDS: waits before the step is tried once more; fails when there is no time for that.
again() {
  _asked=$((_asked + 1))
  [ "$(jq -n "now + $1 <= $_by")" = true ] || too_late || return "$?"
  pause "$1"
}

too_late() { differences lost "What \"until\" waits for did not come in time, asked $_asked times."; }

# insist [HEADER]...: as follow; what cleans up is sent again while a cloud answers that it is busy, if there is time.
insist() {
  _wait=1 _first=$_url
  while :; do
    follow "$@" || return "$?"
    case $_cleaning$_method in yesGET | yesHEAD | yesPUT | yesDELETE) ;; *) return 0 ;; esac
    case $_status in 429 | 50[234]) ;; *) return 0 ;; esac
    [ "$(($(date +%s) + _wait))" -lt "$_deadline" ] || return 0
    echo "$_method was answered $_status; it is sent again in $_wait s." >&2
    pause "$_wait"
    _wait=$((_wait * 2)) _url=$_first
  done
}

# retry TIMES [ON [METHODS [DELAY [MOST]]]]: after a passing trouble the requests of this step are sent again.
retry() {
  _times=$1 _on=${2-connection 429 502 503 504} _methods=${3-GET HEAD PUT DELETE OPTIONS COPY}
  _delay=${4-0.5} _most=${5-30}
}

# persist [HEADER]...: as follow, and again as the step's retry says. It waits for as long as the server's Retry-After
# wants, else for a random part of a time that doubles; when there is no time for that, the answer that is there stands.
persist() {
  if [ "$_times" -eq 0 ]; then
    insist "$@"
    return
  fi
  _again=1 _first=$_url
  while :; do
    follow "$@"
    _sent=$?
    case " $_methods " in *" $_method "*) ;; *) return "$_sent" ;; esac
    [ "$_again" -le "$_times" ] || return "$_sent"
    if [ "$_sent" -eq 0 ]; then
      case " $_on " in *" $_status "*) _trouble="was answered $_status" ;; *) return 0 ;; esac
    else
      : >"$work/answer-headers"
      case $_result in 5 | 6 | 7 | 16 | 18 | 28 | 52 | 55 | 56 | 92) ;; *) return "$_sent" ;; esac
      case " $_on " in *' connection '*) _trouble='got no answer' ;; *) return "$_sent" ;; esac
    fi
    _pause=$(jq -n --rawfile headers "$work/answer-headers" --argjson random "$(od -An -N2 -tu2 /dev/urandom)" "
      [$_delay * pow(2; $_again - 1), $_most, ${_by:-infinite}, ${_deadline:-infinite}]"' as [$doubled, $most, $by, $deadline]
      | def header($name): first($headers | split("\n")[] | capture("\\A(?<name>[^:]*):\\s*(?<value>.*?)\\s*\\z")
          | select(.name | ascii_downcase == $name) | .value);
      def date: . as $text | first(("%a, %d %b %Y %T GMT", "%A, %d-%b-%y %T GMT", "%a %b %d %T %Y") as $form
          | try ($text | strptime($form) | mktime) catch empty);
      (first(header("retry-after") | if test("\\A[0-9]+\\z") then tonumber
          else date - (first(header("date") | date) // now) end) // 0) as $asked
      | if $asked > 0 then $asked else ($random / 65535 * ([$doubled, $most] | min) * 1000 | floor / 1000) end
      | select(. <= 3600 and now + . <= $by and now + . <= $deadline)')
    if [ ! "$_pause" ]; then
      echo "$_method $_trouble; it is not sent again: there is no time for the wait." >&2
      return "$_sent"
    fi
    echo "$_method $_trouble; it is sent again in $_pause s, $_again of $_times." >&2
    pause "$_pause"
    [ ! "$_interrupted" ] || return "$_sent"
    _again=$((_again + 1)) _url=$_first
  done
}

# find_identity URL: sets $_identity to Keystone's URL that ends in /v3; asks for it where the URL does not say.
find_identity() {
  _identity=$(printf '%s' "$1" | sed 's|^[[:space:]]*||; s|[[:space:]]*$||; s|/*$||')
  trust "$_identity/" -
  case $_identity in */v3) return 0 ;; esac
  _identity=${_identity%/v2.0}
  case ${_identity#*://} in */*) _root=$_identity ;; *) _root=$_identity/ ;; esac
  send --token no --follow no GET "$_root" 'Accept: application/json' || return "$?"
  _identity=$(jq -r --arg base "$_identity" '
    (if .status == 200 or .status == 300 then .json else null end) as $document
    | [$document | objects | .version?, (.versions? | if type == "object" then .values? else . end | arrays | .[])
      | objects | select(.id? | tostring | test("^v3([.]|$)")) | .links[]? | select(.rel? == "self") | .href | strings] as $links
    | def parts: capture("\\A(?<origin>[A-Za-z][^:]*://(?<host>[^/?#]*))(?<path>[^?#]*)");
    ($base | parts) as $from
    | (if $links == [] then "" else ($links[0] | if test("^[A-Za-z]+://") then parts else $from + {path: .} end) as $to
      | if $to.host == $from.host then $from.origin + $to.path
        else ($to.path | split("/") | map(select(. != "")) | last // "v3") as $last
        | if $from.path | endswith("/" + $last) then $base else $base + "/" + $last end end end) | sub("/+$"; "")
    | if endswith("/v3") then . else $base + "/v3" end' "$work/response.json")
}

# authenticate NAME BODY KEYSTONE QUERY KEEP [HEADER]...: gets a token with the body that the function BODY prints.
authenticate() {
  _name=$1 _body_of=$2 _keystone=$3 _nocatalog=$4 _stays=$5
  shift 5
  [ "$_keystone" ] || fail 1 'OS_AUTH_URL is not set: the URL of Keystone.' || return "$?"
  "$_body_of" >"$work/auth" || fail 1 'The credentials are not complete.' || return "$?"
  find_identity "$_keystone" || return "$?"
  # A signal waits for this answer, and so does the end of the step's time for 5 s more, since a token that nobody knows
  # cannot be revoked.
  _patient=5
  [ "$_name" != token ] ||
    _login=$_body_of _login_at=$_keystone _login_query=$_nocatalog _login_header=${1-} _methods_of_login=$(jq -r '.auth.identity.methods | join(" ")' "$work/auth")
  send --token no --follow no --body "$work/auth" POST "$_identity/auth/tokens$_nocatalog" \
    'Accept: application/json' 'Content-Type: application/json' "$@"
  _sent=$?
  _patient=''
  rm -f "$work/auth"
  # The head says it, also where the rest did not come or cannot be kept.
  _id=$(grep -i '^x-subject-token:' "$work/answer-headers" | tail -n 1 | sed 's/^[^:]*:[[:space:]]*//; s/[[:space:]]*$//')
  if [ "$_id" ]; then
    printf '%s' "$_id" | jq -Rs . >>"$work/secrets"
    trust "$_identity" "$_identity"
    _issuers="$_issuers$_newline$_id $_identity"
    [ "$_stays" ] || _tokens="$_id $_identity$_newline$_tokens"
  fi
  [ "$_sent" -eq 0 ] || return "$_sent"
  [ ! "$_interrupted" ] || exit 130
  [ ! "$_by" ] || jq -en "now < $_by" >/dev/null || fail 3 'The step took longer than its time-out.' || return "$?"
  case $_status in
    200 | 201) ;;
    *) fail 5 "Keystone refused with $_status: $(jq -r '.json.error.message? // "no reason given"' "$work/response.json")" || return "$?" ;;
  esac
  [ "$_id" ] && jq -e --arg identity_url "$_identity" '
    def utc: if test("T[0-9:.]+$") then . + "Z" else . end;
    def seconds: utc | sub("\\.[0-9]+Z$"; "Z") | fromdateiso8601;
    .headers["x-subject-token"] as $id
    | (try (.headers.date | strptime("%a, %d %b %Y %H:%M:%S GMT") | mktime) catch null) as $date
    | .json.token | select(.user.id and .expires_at) | (try (.issued_at | seconds) catch null) as $issued
    | .expires_at |= utc
    | . + {$id, $identity_url, life: (try ((.expires_at | seconds) - $issued) catch null),
        clock_skew: ((($date // $issued // now) - now) | if fabs < 2 then 0 else . end),
        issue_skew: (if $date == null or $issued == null then 0 else $issued - $date end)}
    | if .catalog then .catalog |= map(select(.type | . and . != "") | {id, type, name: (.name // ""), endpoints: [.endpoints[]?
        | select(.url | . and . != "") | {id, interface, url} + (((.region_id // "") as $r | if $r == "" then .region else $r end)
        | if . then {region: .} else {} end)]}) else . end
    | .endpoints = [.catalog[]? | .type as $service | .name as $name | .endpoints[]
        | {$service, $name, region: (.region // ""), interface, url}]' "$work/response.json" >"$work/$_name.json" ||
    fail 5 "Keystone answered $_status, but with no usable token." || return "$?"
  _homes=$_homes$_newline$(jq -r "$jq_origin .identity_url as \$id | [.catalog[]?.endpoints[].url | origin] | unique[] | \"\(\$id) \(.)\"" "$work/$_name.json")
  [ "$(origin_of "$_keystone")" != "$(origin_of "${OS_AUTH_URL-}")" ] ||
    _homes=$_homes$_newline$(jq -r "$jq_origin [.catalog[]?.endpoints[].url | origin] | unique[] | \"own \(.)\"" "$work/$_name.json")
  eval "$_name=\$_id"
}

# log_in: asks for a token as the last time.
log_in() { authenticate token "$_login" "$_login_at" "$_login_query" '' ${_login_header:+"$_login_header"}; }

# pick_endpoint NAME TYPES SERVICE REGION INTERFACES SERVICE-NAME: chooses an endpoint of the catalog. TYPES are the
# service type and its aliases, best first; the first interface that has a match wins.
pick_endpoint() {
  jq -c --argjson types "$2" --arg service "$3" --arg region "$4" --arg interfaces "$5" --arg named "$6" '
    ($interfaces | split(",") | map(gsub("^\\s+|\\s+$"; "") | sub("URL$"; "")) | map(select(. != ""))
      | if . == [] then ["public"] else . end) as $wanted
    | (.catalog // []) as $catalog
    | [$types[] as $type | $catalog[] | select(.type == $type)
      | select($named == "" or .name == "" or .name == $named)] as $services
    | [$services[] as $one | $one.endpoints[] | {url, interface, service: $one.type, name: $one.name}
      + (if .region then {region} else {} end)] as $all
    | [$wanted[] as $interface | $all[] | select(.interface == $interface and ($region == "" or .region == $region))] as $found
    | if $found != [] then $found[0] | .url |= sub("/+$"; "") | .origin = (.url | split("/")[:3] | join("/"))
      elif $catalog == [] then {problem: "The service catalog is empty."}
      else {problem: ("\($wanted | join(" or ")) endpoint for \($service) service"
        + (if $named == "" then "" else " named " + $named end)
        + (if $region == "" then "" else " in \($region) region" end) + " not found. "
        + (if $all == [] then "The catalog has the services \($catalog | map(.type) | unique | join(", "))."
          elif $region != "" and ([$all[].region] | index([$region]) | not)
          then "\($service) is in the regions \([$all[].region | values] | unique | join(", "))."
          else "There it has the interfaces \([$all[] | select($region == "" or .region == $region) | .interface] | unique | join(", "))." end))}
      end' "$work/token.json" >"$work/$1.json" || fail 5 'The service catalog cannot be read.' || return "$?"
  read -r _found <"$work/$1.json"
  case $_found in '{"problem":'*) fail 5 "$(jq -r .problem "$work/$1.json")" || return "$?" ;; esac
  eval "$1=\$(jq -r .url \"\$work/\$1.json\")"
}

# forget_token TOKEN KEYSTONE: asks Keystone to revoke a token with itself.
forget_token() {
  send --token no --follow no DELETE "$2/auth/tokens" 'Accept: */*' "X-Auth-Token: $1" "X-Subject-Token: $1" || return "$?"
  case $_status in
    200 | 204 | 401 | 404)
      case $_tokens in
        *"$1 $2$_newline"*) _tokens=${_tokens%%"$1 $2$_newline"*}${_tokens#*"$1 $2$_newline"} ;;
      esac
      ;;
    *) fail 6 "Keystone answered $_status when asked to revoke a token." ;;
  esac
}

# --- What is asked of Keystone ---

auth_body() {
  OS_USERNAME="$OS_USERNAME" OS_USER_DOMAIN_NAME="$OS_USER_DOMAIN_NAME" OS_PASSWORD="$OS_PASSWORD" OS_PROJECT_NAME="$OS_PROJECT_NAME" OS_PROJECT_DOMAIN_NAME="$OS_PROJECT_DOMAIN_NAME" jq -cnj '{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": env.OS_USERNAME, "domain": {"name": env.OS_USER_DOMAIN_NAME}, "password": env.OS_PASSWORD}}}, "scope": {"project": {"name": env.OS_PROJECT_NAME, "domain": {"name": env.OS_PROJECT_DOMAIN_NAME}}}}}'
}

: >"$work/credentials"
[ ! "${OS_APPLICATION_CREDENTIAL_SECRET-}" ] || printf '%s' "$OS_APPLICATION_CREDENTIAL_SECRET" | jq -Rsc '{name: "OS_APPLICATION_CREDENTIAL_SECRET", value: .}' >>"$work/credentials"
[ ! "${OS_PASSCODE-}" ] || printf '%s' "$OS_PASSCODE" | jq -Rsc '{name: "OS_PASSCODE", value: .}' >>"$work/credentials"
[ ! "${OS_PASSWORD-}" ] || printf '%s' "$OS_PASSWORD" | jq -Rsc '{name: "OS_PASSWORD", value: .}' >>"$work/credentials"
[ ! "${OS_TOKEN-}" ] || printf '%s' "$OS_TOKEN" | jq -Rsc '{name: "OS_TOKEN", value: .}' >>"$work/credentials"

endpoint=''

# --- The steps ---

step authenticate
authenticate token auth_body "$OS_AUTH_URL" '' '' || exit

step 'pick-endpoint object-store'
pick_endpoint endpoint '["object-store"]' object-store "$OS_REGION_NAME" "$OS_INTERFACE" '' || exit

deferred_3() {
  # A container that still counts an object answers 409.
  step "DELETE \${endpoint}/osrun-\${run.id}"
  retry 5 'connection 409 429 502 503 504'
  send DELETE "$endpoint/osrun-$(path "$run_id")" || return "$?"
  accept 204 404 || return "$?"
}

step "PUT \${endpoint}/osrun-\${run.id}"
defer deferred_3
retry 3
send PUT "$endpoint/osrun-$(path "$run_id")" || exit
accept || exit

deferred_4() {
  recall item
  step "DELETE \${endpoint}/osrun-\${run.id}/\${item}"
  send DELETE "$endpoint/osrun-$(path "$run_id")/$(path "$item")" || return "$?"
  accept 204 404 || return "$?"
}

_round=0
for item in autumn.txt spring.txt summer.txt winter.txt; do
  _round=$((_round + 1))
  step "PUT \${endpoint}/osrun-\${run.id}/\${item} [$_round/4]"
  defer deferred_4 item
  retry 3
  printf '%s' "This is $item." >"$work/body" || exit
  send --body "$work/body" PUT "$endpoint/osrun-$(path "$run_id")/$(path "$item")" 'Content-Type: text/plain' || exit
  accept 201 || exit
  keep
done

# An object is there as soon as its PUT is answered; a busy cluster counts it a little later.
step "HEAD \${endpoint}/osrun-\${run.id}"
within 60
while :; do
  send HEAD "$endpoint/osrun-$(path "$run_id")" || exit
  accept || exit
  jq -r "$jq_definitions"'
compare("headers.x-container-object-count"; (.headers["x-container-object-count"] | values); "4"; is(4)),
"compared"' "$work/response.json" >"$work/differences"
  ! met || break
  again 1 || exit
done

step "GET \${endpoint}/osrun-\${run.id}"
send GET "$endpoint/osrun-$(path "$run_id")?format=json" || exit
accept || exit

step 'assert json'
kept "$work/response.json" || exit
jq -r "$jq_definitions"'
compare("$[*].name"; [select(has("json")) | .json | ((arrays, objects) | .[]) | (objects | select(has("name")) | .["name"])]; "a value that fits {\"const\":[\"autumn.txt\",\"spring.txt\",\"summer.txt\",\"winter.txt\"]}"; fits(((select(. == ["autumn.txt", "spring.txt", "summer.txt", "winter.txt"] | not) | miss((["autumn.txt", "spring.txt", "summer.txt", "winter.txt"] | shown)))))),
"compared"' "$work/response.json" >"$work/differences"
differences fail || exit
