import type { HelperGroup } from './helper-group.ts'

/** What goes through the pages of a list. */
export const pageHelpers = {
  all_pages: {
    needs: ['send', 'refused', 'masked'],
    text: `
# What goes from one page of a list to the next. Only the query is taken from a link; the server stays the same.
jq_pages=$(
  cat <<'JQ'
def literal: @uri | gsub("%21"; "!") | gsub("%27"; "\\u0027") | gsub("%28"; "(") | gsub("%29"; ")") | gsub("%2A"; "*");
def unescaped: ascii_upcase as $code | ($code[1:] | explode | map(if . > 64 then . - 55 else . - 48 end) | [.[0] * 16 + .[1]] | implode)
  | if test("\\\\A[A-Za-z0-9_.!~*\\u0027()-]\\\\z") then . else $code end;
def encoded: gsub("[+]"; " ")
  | [match("%[0-9A-Fa-f]{2}|%|[^%]+"; "g").string | if test("\\\\A%.") then unescaped else literal end] | join("");
def query: split("#")[0] // "" | split("?")[1:] | join("?");
def pairs: [split("&")[] | select(. != "") | {text: ., name: (split("=")[0] // "" | encoded), value: (split("=")[1:] | join("=") | encoded)}];
def with_query($wish): ($wish | pairs) as $wanted | (split("#")[0] | split("?")[0]) as $base
  | [(query | pairs[] | select([.name] - ($wanted | map(.name)) != []) | .text), ($wanted[] | "\\(.name)=\\(.value)")]
  | join("&") | if . == "" then $base else $base + "?" + . end;
def is_links: . == "links" or endswith("_links");
def at($path): try getpath($path) catch null;
def link($path): [(.json | (at($path[:-1]), .) | objects | to_entries[]
      | if .key == "next" then .value
        elif .key | is_links | not then empty
        elif .value | type == "array" then [.value[] | objects | select(.rel == "next")][0].href
        else .value | objects | .next end
      | strings | select(. != "")),
    (.headers.link // "" | match("<([^<>]*)>[^,<>]*;\\\\s*rel=\\"?next\\\\b"; "i").captures[0].string)][0] // empty;
def marker($path; $url): (.json | at($path)) as $items
  | if $path == [] then $items[-1] | objects | .name // .subdir | strings
    else ([$url | query | pairs[] | select(.name == "limit") | .value][0] | tonumber?) as $limit
      | select($limit == ($items | length)) | $items[-1] | objects | .id | strings end;
def lists: .json | if type == "array" then [[]] else [objects | to_entries[] | select((.value | type == "array")
  and (.key | is_links | not)) | [.key]] end;
def problem_of($path; $number): lists as $lists
  | if has("body") | not then "a page of at most 64 MiB, found page \\($number) is longer"
    elif has("json") | not then "JSON, found page \\($number) is something else"
    elif $path == null and ($lists | length) != 1 then "one list in the body, found "
      + (if $lists == [] then "none" else "\\($lists | length): \\($lists | map(join(".")) | join(", "))" end)
    elif .json | at($path // $lists[0]) | type == "array" then ""
    else "a list at \\($path | map(tostring) | join(".") | if . == "" then "the top" else . end), found none in page \\($number)" end;
def whole($path; $items): if $path == [] or type != "object" then $items else with_entries(
  if .key == $path[0] then .value |= whole($path[1:]; $items)
  elif .key == "next" and (.value | type == "string") then empty
  elif .key | is_links | not then .
  elif .value | type == "array" then .value |= map(select((type == "object" and .rel == "next") | not))
  elif .value | type == "object" and has("next") then .value.next = null
  else . end) end;
JQ
)

# wrong_pages PROBLEM: fails, since no whole list can be made.
wrong_pages() { fail 4 "all-pages: expected $(printf '%s\\n' "$1" | masked)."; }

# all_pages ASK PATH: after the first page of a list, asks for the others with the function ASK, and makes one answer
# that has the whole list. PATH is where it stands in the body; null is the only one there.
all_pages() {
  [ "$_status" -lt 300 ] && [ "$_size" -gt 0 ] || return 0
  _page=$_from _path=$2 _pages=1 _bytes=$_size
  cp "$work/response.json" "$work/first-page.json"
  : >"$work/page-items"
  : >"$work/page-urls"
  echo "$_seconds" >"$work/page-seconds"
  while :; do
    printf '%s\\n' "$_page" >>"$work/page-urls"
    url=$_page jq -r --argjson path "$_path" --arg number "$_pages" "$jq_pages"' env.url as $url | problem_of($path; $number) as $problem
      | if $problem != "" then $problem | gsub("\\n"; " ") else ($path // lists[0]) as $path | (.json | at($path)) as $items
        | "", ($path | tojson), (if $items == [] then "" else [link($path), (marker($path; $url) | "?marker=" + literal)][0]
          | if . == null then "" else query as $query | $url | with_query($query) end end), ($items[] | tojson) end
      ' "$work/response.json" >"$work/page" || fail 3 'The page cannot be read.' || return "$?"
    {
      read -r _problem
      read -r _path
      read -r _next
    } <"$work/page"
    [ ! "$_problem" ] || wrong_pages "$_problem" || return "$?"
    tail -n +4 "$work/page" >>"$work/page-items"
    [ "$_next" ] || break
    printf '%s\\n' "$_next" >"$work/page-next"
    ! grep -Fqx -f "$work/page-next" "$work/page-urls" ||
      wrong_pages "another page, found page $_pages leads to one that was asked for before, $_next" || return "$?"
    _page=$_next _pages=$((_pages + 1))
    [ "$_pages" -le 1000 ] || wrong_pages 'at most 1000 pages, found more' || return "$?"
    "$1" "$_page" || return "$?"
    case $_status in
      2??) ;;
      *) refused 4 "status of page $_pages: expected from 200 to 299, found $_status." || return "$?" ;;
    esac
    [ "$_size" -gt 0 ] || break
    _bytes=$((_bytes + _size))
    [ "$_bytes" -le 67108864 ] || wrong_pages 'at most 67108864 bytes, found more' || return "$?"
    echo "$_seconds" >>"$work/page-seconds"
  done
  _source=$work/answer-body
  jq -cj --argjson path "$_path" --slurpfile items "$work/page-items" "$jq_pages"' .json | whole($path; $items)
    ' "$work/first-page.json" >"$_source" || fail 3 'The pages cannot be put together.' || return "$?"
  jq -c --arg pages "$_pages" --slurpfile seconds "$work/page-seconds" %HASHES%\\
    --rawfile body "$_source" '
      . + {pages: ($pages | tonumber), duration: ($seconds | add * 1000), size: ($body | utf8bytelength), $body,
        json: ($body | fromjson)%HASH_FIELDS%}' "$work/first-page.json" >"$work/response.json" ||
    fail 3 'The pages cannot be put together.'
}`,
  },
} as const satisfies HelperGroup
