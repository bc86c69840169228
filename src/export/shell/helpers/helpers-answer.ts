import type { HelperGroup } from './helper-group.ts'

/** What looks at answers. */
export const answerHelpers = {
  kept: {
    text: `
# kept FILE: fails where a step reads the body of an answer that is not kept.
kept() {
  _left_out=$(jq 'select(.size > 0 and (has("body") | not)) | .size' "$1")
  [ ! "$_left_out" ] ||
    fail 3 "The body of the answer, $_left_out bytes, is not kept: it was saved in a file, or is longer than 67108864 bytes."
}`,
  },
  capture: {
    needs: ['exact', 'kept'],
    text: `
# capture NAME WHERE FILTER: takes a value out of the answer; $NAME is its text and $NAME_json its JSON.
capture() {
  case $2 in '$'* | body*) [ "\${_keep-}" ] || kept "$work/response.json" || return "$?" ;; esac
  _json=$(jq -c "[$3] | if length == 0 then empty else .[0] end" "$work/response.json") && [ "$_json" ] ||
    lost 4 "capture $1: expected something at $2, found nothing there." || return "$?"
  exact "$2" "$_json" || return "$?"
  _text=$(
    printf '%s' "$_json" | jq -j 'if type == "string" then . else tojson end'
    echo .
  )
  eval "$1=\\\${_text%.} \${1}_json=\\$_json"
}`,
  },
  differences: {
    needs: ['definitions', 'masked'],
    text: `
# differences FAIL [MESSAGE]: prints the differences that a comparison has left; when there are any, ends with FAIL,
# which is fail, lost or refused.
differences() {
  [ "$(tail -n 1 "$work/differences")" = compared ] || fail 3 'The answer could not be compared.' || return "$?"
  [ "$(wc -l <"$work/differences")" -gt 1 ] || return 0
  sed '$d' "$work/differences" | masked | sed 's/^/  /; s/$/./' >&2
  "$1" 4 "\${2-The answer is not as expected.}"
}`,
  },
} as const satisfies HelperGroup
