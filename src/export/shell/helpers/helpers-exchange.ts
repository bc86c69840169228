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
  is_trusted "$_url" && _trusted=yes
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
    if [ "$(origin_of "$_location")" != "$(origin_of "$_url")" ] && ! is_trusted "$_location"; then
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
    case \${_trusted:-no}$_token$_header in
      yes* | noalways*) ;;
      noyes[Xx]-*[Tt][Oo][Kk][Ee][Nn]:* | nono[Xx]-*[Tt][Oo][Kk][Ee][Nn]:*)
        fail 3 "The server of $_url is not in the catalog, so it gets no token." || return "$?"
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
  printf 'Expect:\\n' >>"$work/headers"
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
