import { microversionWords } from '../../../openstack/versions/microversion.ts'
import type { HelperGroup } from './helper-group.ts'

/** What asks services for versions of their APIs. */
export const serviceHelpers = {
  microversion: {
    text: `
# The services with microversions: what the header calls them, and their own header from before that one.
jq_microversions='
def microversioned: ${JSON.stringify(microversionWords()).replaceAll('],', '],\n  ').replace('{', '{\n  ').replace(/\}$/, '\n}')};'

# microversion TEXT NAME URL [default]: sets $_asked_version and, where the service has a header of its own, $_own_version to
# the headers that ask for a microversion: of the service that TEXT names, that of the endpoint NAME, or the one of the
# catalog that URL belongs to. A default one is for the service of NAME or URL alone, and none where it has none.
microversion() {
  url=$3 jq -nr --arg default "\${4-}" --arg text "$1" --slurpfile endpoint "$work/$2.json" --slurpfile token "$work/token.json" "$jq_microversions"'
    env.url as $url | def fitting: sub("/+$"; "") as $base | select($url == $base or ($url | startswith($base + "/") or startswith($base + "?"))) | $base | length;
    [$text | match("[^\\\\s]+"; "g").string] as $words
    | if $words | length < 1 or length > 2 or (.[-1] | test("\\\\A([0-9]{1,9}[.][0-9]{1,9}|latest)\\\\z") | not)
        or (length == 2 and (.[0] | test("\\\\A[A-Za-z][A-Za-z0-9_-]*\\\\z") | not)) then "\\"\\($text | gsub("\\n"; " "))\\" is no microversion."
      else (if ($words | length == 2) and $default == "" then $words[0] else ($endpoint[0] | objects | .service | strings)
          // ([$token[0].catalog // [] | .[] | .type as $type | .endpoints[] | (.url | fitting) as $length | {$type, $length}]
            | sort_by(-.length) | .[0].type) end) as $service
        | if $default != "" and ($service == null or microversioned[$service | gsub("_"; "-")] == null or ($words | length == 2)
            and microversioned[$words[0] | gsub("_"; "-")] != microversioned[$service | gsub("_"; "-")]) then ""
          elif $service == null then "Nothing says of which service \\($words[-1]) is a microversion."
          else microversioned[$service | gsub("_"; "-")] as $names
            | if $names == null then "The service \\($service) has no microversions that this script knows of."
              else "", "OpenStack-API-Version: \\($names[0]) \\($words[-1])", ($names[1] // empty | "\\(.): \\($words[-1])") end end end
    ' >"$work/microversion" || fail 3 'The microversion cannot be read.' || return "$?"
  _asked_version='' _own_version=''
  {
    read -r _problem
    read -r _asked_version
    read -r _own_version
  } <"$work/microversion"
  [ ! "$_problem" ] || fail 3 "$_problem"
}`,
  },
  discover_version: {
    needs: ['send', 'origin'],
    text: `
# What finds the URL of a version in what a service tells of its versions.
jq_versions=$(
  cat <<'JQ'
def number: tostring | select(test("\\\\A\\\\s*v?[0-9]{1,9}([.][0-9]{1,9})?\\\\s*\\\\z"; "i")) | [match("[0-9]+"; "g").string | tonumber]
  | [.[0], .[1] // 0];
def fits($wish): $wish == "latest" or (.[0] == $wish[0] and .[1] >= $wish[1]);
def is_version: test("\\\\Av[0-9]+([.][0-9]+)?\\\\z"; "i");
def path_of: sub("\\\\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*"; "") | sub("[?#].*\\\\z"; "");
def pieces: split("/") | map(select(. != ""));
def taken_apart($project): .url as $url | ($url | path_of | pieces) as $all
  | ($all != [] and if $project == null then ($all[-1] | is_version | not) and ($all[-2] // "" | is_version)
      else $all[-1] == $project end) as $has_project
  | (if $has_project then $all[:-1] else $all end) as $parts
  | ($parts[-1] // "" | is_version) as $has_version
  | {base: ([$url | match("\\\\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*").string] + if $has_version then $parts[:-1] else $parts end | join("/")),
      version: (if $has_version then $parts[-1] else null end), project: (if $has_project then $all[-1] else null end)};
def told: if type != "object" then [] else (.versions | if type == "object" then .values else . end) as $many
    | (if $many | type == "array" then $many[] elif .version | type == "object" then .version
        elif .id | type == "string" then {status: "CURRENT"} + . else empty end)
    | objects | (.id | number) as $number
    | {$number, status: ((.status | strings | ascii_upcase) // ""), href: (([.links | arrays | .[] | objects | select(.rel == "self")][0].href | strings) // null),
        range: ([.min_version, (if has("max_version") then .max_version else .version end)] | select(all(.[]; type == "string" and . != "")) // null)} end;
def shown: (.number | map(tostring) | join(".")) + " (" + (if .status == "" then "no status" else .status end) + ")";
def combined($found; $href): ($found | sub("/*$"; "/")) as $folder | ($found | origin) as $origin
  | ($href | if test("\\\\A[A-Za-z][A-Za-z0-9+.-]*://") then . elif startswith("//") then ($origin | sub("//.*"; "")) + .
      elif startswith("/") then $origin + . else $folder + . end) as $link
  | ($link | path_of | reduce split("/")[] as $part ([]; if $part == ".." then .[:1] + .[1:-1] elif $part == "." then . else . + [$part] end) | join("/")) as $path
  | if ($link | origin | sub(".*//"; "")) == ($origin | sub(".*//"; "")) then $origin + $path
    else ($path | pieces | last) as $last | ($found | path_of | sub("/+$"; "")) as $own
      | if $last == null or ($own | endswith("/" + $last)) then $origin + $own else $origin + $own + "/" + $last end end | sub("/+$"; "");
JQ
)

# discover_version NAME WISH: moves an endpoint to the version that is wanted: as it is when its URL carries it, else by
# the link of the service's own document, on the catalog's host. It leaves the answer of the last request as it was.
discover_version() {
  [ ! -f "$work/response.json" ] || mv "$work/response.json" "$work/response-before.json"
  find_version "$@"
  _found=$?
  [ ! -f "$work/response-before.json" ] || mv "$work/response-before.json" "$work/response.json"
  return "$_found"
}

find_version() {
  jq -c --arg text "$2" --slurpfile token "$work/token.json" "$jq_versions"'
    ($text | gsub("\\\\A\\\\s+|\\\\s+\\\\z"; "") | if . == "latest" then . else first(number) // null end) as $wish
    | taken_apart($token[0].project.id? | strings // null) as $own
    | if $wish == null then {status: 3, problem: "\\"\\($text)\\" is no version."}
      elif $own.version and $wish != "latest" and ($own.version | number | fits($wish)) then {done: (. + {version: $own.version[1:]})}
      elif .service == "object-store" then {status: 5, problem: "An object-store has no document of its versions."}
      else {$wish, $own, urls: ([$own.base + "/"] + if $own.version then ["\\($own.base)/\\($own.version)/"] else [] end)} end
    ' "$work/$1.json" >"$work/version.json" || fail 5 'The version cannot be looked for.' || return "$?"
  _tried=''
  while read -r _place; do
    [ "$_place" ] || continue
    send --token no GET "$_place" 'Accept: application/json' || return "$?"
    if [ "$_status" = 401 ]; then send GET "$_place" 'Accept: application/json' || return "$?"; fi
    _tried="$_tried, $_place ($_status)"
    jq -c --arg place "$_place" --arg text "$2" --slurpfile plan "$work/version.json" --slurpfile endpoint "$work/$1.json" "$jq_origin$jq_versions"'
      def header($edge): [.headers | to_entries[] | select(.key | test("\\\\A(x-)?openstack(-[a-z]+)*-api-" + $edge + "-version\\\\z"))
        | .value | [match("[^\\\\s]+"; "g").string] | last | strings | select(test("\\\\A[0-9]{1,9}[.][0-9]{1,9}\\\\z"))][0] | values;
      $plan[0] as {$wish, $own} | $endpoint[0] as $endpoint | (([[header("minimum"), header("maximum")] | select(length == 2)] | .[0])) as $heads
      | [if .status == 200 or .status == 300 then .json | told else empty end | arrays // .] | map(select(type == "object")) as $versions
      | [$versions[] | select(.href and (.number | fits($wish)) and (.status | IN("STABLE", "CURRENT", "SUPPORTED", "DEPRECATED")))]
      | (sort_by(.number) | last) as $chosen
      | if $versions == [] then empty
        elif $chosen == null then {status: 5, problem: "\\($endpoint.service) at \\($place) has no version \\($text). It has \\($versions | map(shown) | join(", "))."}
        else (combined($place; $chosen.href) + if $own.project then "/" + $own.project else "" end) as $url
          | ($chosen.range // $heads) as $range
          | {done: ($endpoint + {$url, version: ($chosen.number | map(tostring) | join("."))}
            + if $range then {min_version: $range[0], max_version: $range[1]} else {} end)} end
      ' "$work/response.json" >"$work/found.json" || fail 5 'The document of versions cannot be read.' || return "$?"
    [ -s "$work/found.json" ] || continue
    mv "$work/found.json" "$work/version.json"
    break
  done <<EOF
$(jq -r '.urls // [] | .[]' "$work/version.json")
EOF
  _problem=$(jq -r '.problem // empty' "$work/version.json")
  [ ! "$_problem" ] || fail "$(jq -r .status "$work/version.json")" "$_problem" || return "$?"
  jq -ce '.done // empty' "$work/version.json" >"$work/found.json" ||
    fail 5 "There is no document of versions. Asked for it: \${_tried#, }." || return "$?"
  mv "$work/found.json" "$work/$1.json"
  eval "$1=\\$(jq -r .url \\"\\$work/\\$1.json\\")"
}`,
  },
} as const satisfies HelperGroup
