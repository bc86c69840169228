import { publicNamePattern, secretNamePattern } from '../../../util/secret-names.ts'
import type { HelperGroup } from './helper-group.ts'

/** One request by curl with its redirects, and what is made of its answer. */
export const exchangeHelpers = {
  follow: {
    needs: ['origin', 'exchange'],
    text: `
# follow [HEADER]...: one request, and those that its redirects lead to. Headers that are secrets stay behind when another
# server is reached that is not in the catalog, and a body is not sent there.
follow() {
  _hops=0 _from=$_url _trusted='' _strayed='' _moved=''
  is_trusted "$_url" "\${token-}" && _trusted=yes
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
    if [ "$(origin_of "$_location")" != "$(origin_of "$_url")" ] && ! is_trusted "$_location" "\${token-}"; then
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
  _host=\${1#*://} _host=\${_host%%[/?#]*}
  case $_host in *]) ;; *) _host=\${_host%:*} ;; esac
  printf '%s' "$_host"
}

# no_answer STATUS: says what curl complained of.
no_answer() {
%POLL%  case $_result in
    '') return "$1" ;;
    8 | 16 | 18 | 28 | 52 | 55 | 56 | 61 | 92) lost 3 "$_method $_url: $(cat "$work/complaint")" ;;
    *) fail 3 "$_method $_url: $(cat "$work/complaint")" ;;
  esac
}`,
  },
  is_secret: {
    text: `
# is_secret NAME: whether a header is a secret by the words of its name.
is_secret() {
  _words=$(printf '%s' "$1" | sed 's/\\([a-z0-9]\\)\\([A-Z]\\)/\\1-\\2/g; s/[^A-Za-z0-9]\\{1,\\}/-/g' | tr '[:upper:]' '[:lower:]')
  printf '%s\\n' "$_words" | grep -Eq '${secretNamePattern}' && ! printf '%s\\n' "$_words" | grep -Eq '${publicNamePattern}'
}`,
  },
  exchange: {
    needs: ['is_secret'],
    text: `
# exchange [HEADER]...: one request and its answer; leaves curl's exit status in $_result, or nothing there.
exchange() {
  _result=''%NOT_CARRIED%
  : >"$work/headers"
  for _header in "$@"; do
    case $_header in
      *["$_controls"]*) fail 3 'A header has a character that cannot be sent.' || return "$?" ;;
    esac
    [ ! "$_strayed" ] || ! is_secret "\${_header%%:*}" || continue
    # A Host that was given is that of the first server alone.
    case $_moved$_header in yes[Hh][Oo][Ss][Tt]:*) continue ;; esac
    case $_token$_header in
      always*) ;;
      yes[Xx]-*[Tt][Oo][Kk][Ee][Nn]:* | no[Xx]-*[Tt][Oo][Kk][Ee][Nn]:*)
        is_trusted "$_url" "\${_header#*: }" || fail 3 "The server of $_url is not in the catalog, so it gets no token." || return "$?"
        ;;
    esac
    # curl takes a header that ends with its colon for one to leave out.
    case $_header in
      *': ') printf '%s;\\n' "\${_header%: }" ;;
      *) printf '%s\\n' "$_header" ;;
    esac >>"$work/headers"
  done
  if [ "\${token-}" ] && [ ! "$_strayed" ]; then
    case $_token$_trusted in
      yesyes | always*)
        printf 'X-Auth-Token: %s\\n' "$token" >>"$work/headers"
%CARRIED%        ;;
    esac
  fi
%KEEP_HOME%  printf 'Expect:\\n' >>"$work/headers"
  [ "$_form" ] || grep -iq '^content-type:' "$work/headers" || printf 'Content-Type:\\n' >>"$work/headers"
  _limit=''
  if [ "$_by" ]; then
    _limit=$(jq -n "[$_by, \${_deadline:-infinite}] | min - now")
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
    printf 'silent\\nshow-error\\ngloboff\\npath-as-is\\nconnect-timeout = 30\\nspeed-limit = 10\\nspeed-time = 60\\n'
    [ ! "$_limit" ] || printf 'max-time = %s\\n' "$_limit"
    printf 'header = "@%s"\\ndump-header = "%s"\\n' "$work/headers" "$work/answer-headers"
    printf 'write-out = "%%{http_code}\\\\n%%{time_total}\\\\n%%{redirect_url}\\\\n%CERTS%"\\n'
    if [ "$_method" = HEAD ]; then
      printf 'head\\noutput = "/dev/null"\\n'
    else
      printf 'request = "%s"\\noutput = "%s"\\n' "$_method" "$work/answer-body"
    fi
    printf 'url = "%s"\\n' "$_url"
    if [ "$_body" ]; then
      printf 'data-binary = "@%s"\\n' "$_body"
    elif [ "$_form" ]; then
      cat "$_form"
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
}`,
  },
  keep_home: {
    needs: ['origin'],
    text: `
# keep_home: refuses a request by which a credential of the environment, or a token of another cloud, would come to a server that
# is neither its own cloud's nor in $_allowed.
_allowed=''
keep_home() {
  _site=$(origin_of "$_url") _strange=own
  case $_allowed$_newline in *"$_newline$_site$_newline"*) return 0 ;; esac
  [ "$_token" != always ] || is_trusted "$_url" "\${token-}" ||
    fail 1 "The token is not for $_site: export with --allow-origin if that server is to have it." || return "$?"
  case $_homes$_newline in *"\${_newline}own $_site$_newline"*) _strange='' ;; esac
  for _gate in "\${OS_AUTH_URL-}" "\${OS_DISCOVERY_ENDPOINT-}" "\${OS_ACCESS_TOKEN_ENDPOINT-}" "\${OS_IDENTITY_PROVIDER_URL-}"; do
    [ ! "$_gate" ] || [ "$(origin_of "$_gate")" != "$_site" ] || _strange=''
  done
  while read -r _held_token _; do
    [ ! "$_held_token" ] || is_trusted "$_url" "$_held_token" || _strange=$_strange$_newline$_held_token
  done <<EOF
$_tokens
EOF
  [ "$_strange" ] || return 0
  {
    printf '%s\\n' "$_url"
    cat "$work/headers" \${_body:+"$_body"} \${_form:+"$_form"}
  } >"$work/sent"
  _stray=$(printf '%s' "$_strange" | jq -Rrs --slurpfile credentials "$work/credentials" --rawfile sent "$work/sent" '
    def quoted: @uri | gsub("!"; "%21") | gsub("\\u0027"; "%27") | gsub("[(]"; "%28") | gsub("[)]"; "%29") | gsub("[*]"; "%2A");
    split("\\n") | (if .[0] == "own" then $credentials else [] end) + (.[1:] | map({name: "A token", value: .}))
    | map(.value as $value | select(($value | length) > 3 and any(($value, ($value | @uri, quoted, (quoted | gsub("%2F"; "/")), tojson[1:-1], @base64),
        ($value | quoted | gsub("%20"; "+") | gsub("~"; "%7E") | gsub("%2A"; "*"))); . as $form
        | $sent | contains($form))) | .name)[0] // ""')
  [ ! "$_stray" ] || fail 1 "$_stray is not for $_site: export with --allow-origin if that server is to have it."
}`,
  },
  save: {
    text: `
# save: puts the body into the file at $_save, whole, in the place of a link too; a device and a pipe are written into.
save() {
  case $_save in
    /dev/* | /proc/*) ;;
    *)
      if [ -L "$_save" ] || [ -f "$_save" ] || [ ! -e "$_save" ]; then
        _draft=$(mktemp "\${_save%/*}/.osrun-XXXXXX") || return 1
        [ ! -d "$_save" ] && cat "$work/answer-body" >"$_draft" && mv -f "$_draft" "$_save" && return 0
        rm -f "$_draft"
        return 1
      fi
      ;;
  esac
  cat "$work/answer-body" >"$_save"
}`,
  },
  answer: {
    text: `
# answer: puts the answer into response.json, as the recipe sees it.
answer() {
  _source=$work/answer-body _keep=yes
%SAVE%  _size=$(wc -c <"$_source")
  [ "$_size" -le 67108864 ] || _keep=''
  [ "$_keep" ] && _kept=$_source || _kept=/dev/null
  if [ "$_keep" ] && grep -iq '^content-encoding: *\\(x-\\)\\{0,1\\}gzip' "$work/answer-headers"; then
    gzip -dc <"$_source" >"$work/answer-text" 2>/dev/null && _kept=$work/answer-text
  fi
%READ_CERTIFICATE%  jq -nc --arg status "$_status" --arg seconds "$_seconds" --arg size "$_size" --arg keep "$_keep" \\
    %HASHES%%CERTIFICATE%\\
    --rawfile headers "$work/answer-headers" --rawfile body "$_kept" '
      {status: ($status | tonumber), duration: ($seconds | tonumber * 1000), size: ($size | tonumber)%HASH_FIELDS%,
        headers: (reduce ($headers | gsub("\\r"; "") | gsub("[ \\t]*\\n[ \\t]+"; " ") | split("\\n\\n") | map(select(startswith("HTTP/"))) | last
          | split("\\n")[1:][] | select(. != "") | capture("\\\\A(?<name>[^:]*):[ \\t]*(?<value>.*?)[ \\t]*\\\\z")) as $one ({};
            .[$one.name | ascii_downcase] |= if . == null then $one.value else . + ", " + $one.value end))}
      | if $keep == "" then . else ($body | ltrimstr("\\ufeff")) as $text | .body = $text
        | if ($text | test("\\\\S")) then (try {json: ($text | fromjson)} catch {}) as $json | . + $json else . end end
%CERTIFICATE_FIELDS%    ' >"$work/response.json" || fail 3 'The answer cannot be read.'
}`,
  },
} as const satisfies HelperGroup
