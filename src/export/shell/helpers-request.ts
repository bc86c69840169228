import type { Helper } from './helpers.ts'

/** What sends requests. */
export const requestHelpers: Readonly<Record<'origin' | 'send' | 'accept', Helper>> = {
  origin: {
    text: `
# The origins that may have the token: those of Keystone and of the catalog.
_origins=''
jq_origin='def origin: (capture("\\\\A(?<scheme>https?)://([^/?#]*@)?(?<host>[A-Za-z0-9._:\\\\[\\\\]-]+)([/?#]|\\\\z)"; "i")
  | "\\(.scheme)://\\(.host)" | ascii_downcase
  | if startswith("https:") then sub(":443$"; "") else sub(":80$"; "") end) // "";'

# trust URL: lets its server have the token.
trust() { _origins="$_origins
$(printf '%s' "$1" | jq -Rrs "$jq_origin origin")"; }

# is_trusted URL: whether its server may have the token.
is_trusted() {
  _origin=$(printf '%s' "$1" | jq -Rrs "$jq_origin origin")
  [ "$_origin" ] && printf '%s\\n' "$_origins" | grep -Fqx -e "$_origin"
}`,
  },
  send: {
    needs: ['origin'],
    text: `
# send [OPTIONS] METHOD URL [HEADER]...: sends a request with the token, follows redirects with the same method, and
# leaves the answer in $_status and response.json. Headers and URL go to curl in a file, never as its arguments.
send() {
  _body='' _upload='' _save='' _limit=60 _token=yes _follow=yes
  while :; do
    case $1 in
      --body) _body=$2 ;;
      --upload) _upload=$2 ;;
      --save) _save=$2 ;;
      --timeout) _limit=$2 ;;
      --token) _token=$2 ;;
      --follow) _follow=$2 ;;
      *) break ;;
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
      _url=$(printf '%s' "$_url" | jq -Rrs '[match("[\\\\s\\"<>\\\\\\\\^\`{|}\\u0080-\\u{10ffff}]|[^\\\\s\\"<>\\\\\\\\^\`{|}\\u0080-\\u{10ffff}]+"; "g").string
        | if test("[\\\\s\\"<>\\\\\\\\^\`{|}\\u0080-\\u{10ffff}]") then @uri else . end] | join("")')
      ;;
  esac
  _hops=0
  while :; do
    exchange "$@" || return "$?"
    case $_follow$_status in
      yes30[12378]) [ "$_location" ] || break ;;
      *) break ;;
    esac
    _hops=$((_hops + 1))
    [ "$_hops" -le 10 ] || fail 3 "$2 was redirected more than 10 times, lately to $_location." || return "$?"
    case $_location in
      [Hh][Tt][Tt][Pp]://* | [Hh][Tt][Tt][Pp][Ss]://*) _url=$_location ;;
      *) fail 3 "A redirect leads to $_location, which is not HTTP." || return "$?" ;;
    esac
  done
  answer
}

# exchange [HEADER]...: one request and its answer, with what send has set.
exchange() {
  _trusted=''
  is_trusted "$_url" && _trusted=yes
  : >"$work/headers"
  for _header in "$@"; do
    case $_header in
      *["$_controls"]*) fail 3 'A header has a character that cannot be sent.' || return "$?" ;;
      [Xx]-*[Tt][Oo][Kk][Ee][Nn]:* | [Aa]uthorization:* | [Cc]ookie:*)
        if [ ! "$_trusted" ] && [ "$_token" != always ]; then
          [ "\${_hops:-0}" -gt 0 ] && continue
          fail 3 "The server of $_url is not in the catalog, so it gets no token." || return "$?"
        fi
        ;;
    esac
    # curl takes a header that ends with its colon for one to leave out.
    case $_header in
      *': ') printf '%s;\\n' "\${_header%: }" ;;
      *) printf '%s\\n' "$_header" ;;
    esac >>"$work/headers"
  done
  if [ "\${token-}" ]; then
    case $_token$_trusted in
      yesyes | always*) printf 'X-Auth-Token: %s\\n' "$token" >>"$work/headers" ;;
    esac
  fi
  printf 'Expect:\\n' >>"$work/headers"
  grep -iq '^content-type:' "$work/headers" || printf 'Content-Type:\\n' >>"$work/headers"
  [ ! "$_deadline" ] || _limit=$((_deadline - $(date +%s)))
  [ "\${_limit%.*}" -ge 0 ] || fail 3 'Cleaning up took longer than 30 s.' || return "$?"
  {
    printf 'silent\\nshow-error\\ngloboff\\npath-as-is\\nmax-time = %s\\n' "$_limit"
    printf 'header = "@%s"\\ndump-header = "%s"\\n' "$work/headers" "$work/answer-headers"
    printf 'write-out = "%%{http_code}\\\\n%%{time_total}\\\\n%%{redirect_url}\\\\n"\\n'
    if [ "$_method" = HEAD ]; then
      printf 'head\\noutput = "/dev/null"\\n'
    else
      printf 'request = "%s"\\noutput = "%s"\\n' "$_method" "$work/answer-body"
    fi
    printf 'url = "%s"\\n' "$_url"
    if [ "$_body" ]; then
      printf 'data-binary = "@%s"\\n' "$_body"
    elif [ ! "$_upload" ]; then
      case $_method in PUT | POST | PATCH) printf 'data-binary = ""\\n' ;; esac
    fi
  } >"$work/curl"
  set -- -q --config "$work/curl"
  if [ "$_upload" ]; then
    [ -r "$_upload" ] || fail 1 "The file \\"$_upload\\" cannot be read." || return "$?"
    case $_method$_url in
      PUT*[!/]) set -- "$@" --upload-file "$_upload" ;;
      *) set -- "$@" --data-binary "@$_upload" ;;
    esac
  fi
  if [ "\${OS_INSECURE-}" = true ]; then
    set -- "$@" --insecure
  elif [ "\${OS_CACERT-}" ]; then
    set -- "$@" --cacert "$OS_CACERT"
  fi
  [ ! "\${OS_CERT-}" ] || set -- "$@" --cert "$OS_CERT"
  [ ! "\${OS_KEY-}" ] || set -- "$@" --key "$OS_KEY"
  : >"$work/answer-body"
  # curl runs in the background, so that a signal is heard while it waits.
  curl "$@" >"$work/result" 2>"$work/complaint" &
  _curl=$!
  while :; do
    wait "$_curl"
    _result=$?
    kill -0 "$_curl" 2>/dev/null || break
  done
  _curl=''
  {
    read -r _status
    read -r _seconds
    read -r _location
  } <"$work/result"
  case $_result in
    0) ;;
    18 | 28 | 52 | 55 | 56) lost 3 "$_method $_url: $(cat "$work/complaint")" ;;
    *) fail 3 "$_method $_url: $(cat "$work/complaint")" ;;
  esac
}

# answer: puts the answer into response.json, as the recipe sees it.
answer() {
  _from=$work/answer-body _keep=yes
  if [ "$_save" ]; then
    mv "$work/answer-body" "$_save" || fail 1 "The file \\"$_save\\" cannot be written." || return "$?"
    _from=$_save _keep=''
  fi
  _size=$(wc -c <"$_from")
  [ "$_size" -le 8388608 ] || _keep=''
  [ "$_keep" ] && _kept=$_from || _kept=/dev/null
  jq -nc --arg status "$_status" --arg seconds "$_seconds" --arg size "$_size" --arg keep "$_keep" \\
    %HASHES%\\
    --rawfile headers "$work/answer-headers" --rawfile body "$_kept" '
      {status: ($status | tonumber), duration: ($seconds | tonumber * 1000), size: ($size | tonumber)%HASH_FIELDS%,
        headers: (reduce ($headers | gsub("\\r"; "") | split("\\n\\n") | map(select(startswith("HTTP/"))) | last
          | split("\\n")[1:][] | select(. != "") | capture("\\\\A(?<name>[^:]*):[ \\t]*(?<value>.*?)[ \\t]*\\\\z")) as $one ({};
            .[$one.name | ascii_downcase] |= if . == null then $one.value else . + ", " + $one.value end))}
      | if $keep == "" then . else ($body | ltrimstr("\\ufeff")) as $text | .body = $text
        | if ($text | test("\\\\S")) then (try {json: ($text | fromjson)} catch {}) as $json | . + $json else . end end
    ' >"$work/response.json" || fail 3 'The answer cannot be read.'
}`,
  },
  accept: {
    text: `
# accept [STATUS]...: one of these statuses is right; without any, all below 400 are.
accept() {
  if [ $# -eq 0 ]; then
    [ "$_status" -lt 400 ] || fail 4 "status: expected below 400, found $_status."
    return "$?"
  fi
  for _expected in "$@"; do
    [ "$_status" != "$_expected" ] || return 0
  done
  [ $# -eq 1 ] || set -- "one of $(printf '%s, ' "$@" | sed 's/, $//')"
  fail 4 "status: expected $1, found $_status."
}`,
  },
}
