import type { HelperGroup } from './helper-group.ts'

/** What skips, repeats and retries steps. */
export const controlHelpers = {
  masked: {
    text: `
# masked: its input, with every secret in it masked.
masked() {
  jq -Rr --slurpfile secrets "$work/secrets" '
    reduce ($secrets[] | select(length > 3) | tojson | .[1:-1]) as $secret (.; split($secret) | join("***"))'
}`,
  },
  applies: {
    needs: ['masked'],
    text: `
# applies REASON: whether the step is done; with a reason it is skipped, which is told.
applies() {
  [ "$1" ] || return 0
  printf '%s: skipped, %s.\\n' "$_step" "$(printf '%s\\n' "$1" | masked)" >&2
  return 1
}`,
  },
  no_service: {
    text: `
# no_service TYPES: which services the catalog does not have, or nothing; TYPES are those that will do, by service.
no_service() {
  jq -nr --argjson wanted "$1" '[inputs | .catalog // [] | .[] | select(.endpoints != []) | .type] as $there
    | [$wanted | to_entries[] | select(.value - $there == .value) | .key]
    | select(. != []) | "the catalog has no \\(join(" and no ")) service"' "$work/token.json"
}`,
  },
  jq_unmet: {
    needs: ['definitions'],
    text: `
# As compare, in the words of a step that is skipped.
jq_unmet=$(
  cat <<'JQ'
def unmet(subject; nodes; absent; differences): [nodes] as $nodes
  | if $nodes == [] then "\\(subject) has no value, expected \\(absent | cut)"
    else $nodes[0] | differences | "\\(subject)\\(.path) is \\(.found | cut), expected \\(.expected | cut)" end;
JQ
)`,
  },
  list: {
    needs: ['applies'],
    text: `
# list NAME JSON [REASON]: starts the rounds of a step, one for each item of the list; without any the step is skipped.
list() {
  _round=0
  printf '%s' "$2" | jq -ce 'arrays' >"$work/list" || fail 3 "\\"for-each\\" needs a list, and $1 is none." || return "$?"
  _rounds=$(jq length "$work/list")
  jq -c '.[]' "$work/list" >"$work/items"
  [ "$_rounds" -gt 0 ] || applies "\${3:-the list of for-each is empty}" || return 0
}

# next_item: reads the next item of the list; $item is its text and $item_json its JSON.
next_item() {
  IFS= read -r item_json || return 1
  _round=$((_round + 1))
  item=$(
    printf '%s' "$item_json" | jq -j 'if type == "string" then . else tojson end'
    echo .
  )
  item=\${item%.}
}`,
  },
  within: {
    text: `
# within SECONDS: the longest time that the step may take.
within() { _by=$(jq -n "now + $1"); }`,
  },
  pause: {
    text: `
# pause SECONDS: waits, in the background, so that a signal is heard.
pause() {
  sleep "$1" &
  _child=$!
  wait "$_child"
  kill "$_child" 2>/dev/null
  _child=''
}`,
  },
  jq_anything_but: {
    needs: ['definitions'],
    text: `
# The difference from what must not come.
jq_anything_but='
def anything_but(subject; nodes; expected): "\\(subject): expected anything but \\(expected | shown | cut), found \\(
  [nodes] | if . == [] then "nothing there" else .[0] | shown end | cut)";'`,
  },
  again: {
    needs: ['within', 'pause', 'differences'],
    text: `
# met: whether a comparison has left no differences.
met() { [ "$(cat "$work/differences")" = compared ]; }

# again SECONDS: waits before the step is tried once more; fails when there is no time for that.
again() {
  _asked=$((_asked + 1))
  [ "$(jq -n "now + $1 <= $_by")" = true ] || too_late || return "$?"
  pause "$1"
}

too_late() { differences lost "What \\"until\\" waits for did not come in time, asked $_asked times."; }`,
  },
  insist: {
    needs: ['follow', 'pause'],
    text: `
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
}`,
  },
  retry: {
    needs: ['pause', 'insist'],
    text: `
# retry TIMES [ON [METHODS [DELAY [MOST]]]]: after a passing trouble the requests of this step are sent again.
retry() {
  _times=$1 _on=\${2-connection 429 502 503 504} _methods=\${3-GET HEAD PUT DELETE OPTIONS COPY}
  _delay=\${4-0.5} _most=\${5-30}
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
      [$_delay * pow(2; $_again - 1), $_most, \${_by:-infinite}, \${_deadline:-infinite}]"' as [$doubled, $most, $by, $deadline]
      | def header($name): first($headers | split("\\n")[] | capture("\\\\A(?<name>[^:]*):\\\\s*(?<value>.*?)\\\\s*\\\\z")
          | select(.name | ascii_downcase == $name) | .value);
      def date: . as $text | first(("%a, %d %b %Y %T GMT", "%A, %d-%b-%y %T GMT", "%a %b %d %T %Y") as $form
          | try ($text | strptime($form) | mktime) catch empty);
      (first(header("retry-after") | if test("\\\\A[0-9]+\\\\z") then tonumber
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
}`,
  },
} as const satisfies HelperGroup
