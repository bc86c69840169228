import { expectationDefinitions } from '../../jq/definitions.ts'
import type { HelperGroup } from './helper-group.ts'
import { answerHelpers } from './helpers-answer.ts'
import { controlHelpers } from './helpers-control.ts'
import { identityHelpers } from './helpers-identity.ts'
import { pageHelpers } from './helpers-pages.ts'
import { requestHelpers } from './helpers-request.ts'
import { serviceHelpers } from './helpers-services.ts'
import { signHelpers } from './helpers-sign.ts'

// In the order in which they stand in a script.
const texts = {
  path: {
    text: `
# path TEXT: percent-encodes it for the path of a URL; slashes stay. Most texts need no encoding, and so no jq.
path() {
  case $1 in
    *[!A-Za-z0-9/._~-]*)
      printf '%s' "$1" | jq -Rrs '@uri | gsub("!"; "%21") | gsub("\\u0027"; "%27") | gsub("[(]"; "%28") | gsub("[)]"; "%29")
        | gsub("[*]"; "%2A") | gsub("%2F"; "/")'
      ;;
    *) printf '%s' "$1" ;;
  esac
}`,
  },
  component: {
    text: `
# component TEXT: percent-encodes all of it.
component() {
  case $1 in
    *[!A-Za-z0-9._~-]*)
      printf '%s' "$1" | jq -Rrs '@uri | gsub("!"; "%21") | gsub("\\u0027"; "%27") | gsub("[(]"; "%28") | gsub("[)]"; "%29")
        | gsub("[*]"; "%2A")'
      ;;
    *) printf '%s' "$1" ;;
  esac
}`,
  },
  query: {
    text: `
# query TEXT: percent-encodes a value of a query, as encodeURIComponent does.
query() {
  case $1 in
    *[!A-Za-z0-9._~-]*)
      printf '%s' "$1" | jq -Rrs '@uri | gsub("%21"; "!") | gsub("%27"; "\\u0027") | gsub("%28"; "(") | gsub("%29"; ")")
        | gsub("%2A"; "*")'
      ;;
    *) printf '%s' "$1" ;;
  esac
}`,
  },
  form: {
    text: `
# form TEXT: encodes a value of a form.
form() {
  case $1 in
    *[!A-Za-z0-9._-]*)
      printf '%s' "$1" | jq -Rrs '@uri | gsub("!"; "%21") | gsub("\\u0027"; "%27") | gsub("[(]"; "%28") | gsub("[)]"; "%29")
        | gsub("~"; "%7E") | gsub("%2A"; "*") | gsub("%20"; "+")'
      ;;
    *) printf '%s' "$1" ;;
  esac
}`,
  },
  scalar: {
    text: `
# scalar NAME JSON: refuses what is a list, a mapping or null where one value is wanted.
scalar() {
  case $2 in
    '['* | '{'* | null) fail 3 "$1 is no single value." ;;
  esac
}`,
  },
  filled: {
    text: `
# filled NAME JSON: refuses null where a text is wanted.
filled() { [ "$2" != null ] || fail 3 "$1 is null."; }`,
  },
  at_path: {
    text: `
# at_path PATH: the JSON at a path of the JSON on its input, or nothing.
at_path() {
  jq -c --argjson path "$1" 'reduce $path[] as $key ({found: .}; if (.found | type == "object" and ($key | type) == "string"
    and has($key)) or (.found | type == "array" and ($key | type) == "number" and has($key)) then {found: .found[$key]} else {} end)
    | select(has("found")) | .found'
}`,
  },
  exact: {
    text: `
# exact NAME JSON: refuses an integer that this jq rounds.
exact() {
  case $2 in *[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]*) ;; *) return 0 ;; esac
  [ "$(echo 9007199254740993 | jq .)" != 9007199254740993 ] || return 0
  printf '%s' "$2" | jq -e '[.. | numbers | fabs] | all(. < 9007199254740992)' >/dev/null ||
    fail 3 "$1 has an integer that this jq rounds; jq 1.7 keeps its digits."
}`,
  },
  field: {
    needs: ['at_path', 'exact'],
    text: `
# field PATH NAME: the text at a path of the JSON on its input; fails when there is none that a variable can hold.
field() {
  _json=$(at_path "$1" | jq -c 'values | select(type != "string" or (endswith("\\n") | not))') && [ "$_json" ] ||
    fail 3 "\\\${$2} has no value that a variable can hold." || return "$?"
  exact "\\\${$2}" "$_json" || return "$?"
  printf '%s' "$_json" | jq -j 'if type == "string" then . else tojson end'
}`,
  },
  optional_field: {
    needs: ['at_path'],
    text: `
# optional_field PATH: as field, or nothing.
optional_field() {
  at_path "$1" | jq -j 'values | if type == "string" then . else tojson end'
}`,
  },
  json_field: {
    needs: ['at_path', 'exact'],
    text: `
# json_field PATH NAME: the JSON at a path of the JSON on its input; fails when there is none.
json_field() {
  _json=$(at_path "$1") && [ "$_json" ] || fail 3 "\\\${$2} has no value." || return "$?"
  exact "\\\${$2}" "$_json" || return "$?"
  printf '%s' "$_json"
}`,
  },
  ...requestHelpers,
  definitions: {
    text: `
# What comparisons in jq need: values as they are shown, and differences in words.
jq_definitions=$(
  cat <<'JQ'
${expectationDefinitions}
JQ
)`,
  },
  ...answerHelpers,
  ...controlHelpers,
  ...identityHelpers,
  ...serviceHelpers,
  ...pageHelpers,
  ...signHelpers,
} as const satisfies HelperGroup

/** The functions that a script may need. */
export type HelperName = keyof typeof texts

/** All of them, in the order in which they stand in a script, each with those that it calls. */
export const helpers: Readonly<
  Record<HelperName, { readonly needs?: readonly HelperName[]; readonly text: string }>
> = texts
