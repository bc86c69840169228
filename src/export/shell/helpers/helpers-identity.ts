import type { HelperGroup } from './helper-group.ts'

/** What makes, uses and revokes tokens. */
export const identityHelpers = {
  find_identity: {
    needs: ['send'],
    text: `
# find_identity URL: sets $_identity to Keystone's URL that ends in /v3; asks for it where the URL does not say.
find_identity() {
  _identity=$(printf '%s' "$1" | sed 's|^[[:space:]]*||; s|[[:space:]]*$||; s|/*$||')
  trust "$_identity/" -
  case $_identity in */v3) return 0 ;; esac
  _identity=\${_identity%/v2.0}
  case \${_identity#*://} in */*) _root=$_identity ;; *) _root=$_identity/ ;; esac
  send --token no --follow no GET "$_root" 'Accept: application/json' || return "$?"
  _identity=$(jq -r --arg base "$_identity" '
    (if .status == 200 or .status == 300 then .json else null end) as $document
    | [$document | objects | .version?, (.versions? | if type == "object" then .values? else . end | arrays | .[])
      | objects | select(.id? | tostring | test("^v3([.]|$)")) | .links[]? | select(.rel? == "self") | .href | strings] as $links
    | def parts: capture("\\\\A(?<origin>[A-Za-z][^:]*://(?<host>[^/?#]*))(?<path>[^?#]*)");
    ($base | parts) as $from
    | (if $links == [] then "" else ($links[0] | if test("^[A-Za-z]+://") then parts else $from + {path: .} end) as $to
      | if $to.host == $from.host then $from.origin + $to.path
        else ($to.path | split("/") | map(select(. != "")) | last // "v3") as $last
        | if $from.path | endswith("/" + $last) then $base else $base + "/" + $last end end end) | sub("/+$"; "")
    | if endswith("/v3") then . else $base + "/v3" end' "$work/response.json")
}`,
  },
  environment_auth: {
    text: `
# environment_auth: the body that asks for a token, made of the OS_* variables as openstackclient reads them.
environment_auth() {
  jq -cnj '
    def os(names): first(names | env["OS_" + .] // "" | gsub("^\\\\s+|\\\\s+$"; "") | select(. != "")) // null;
    def secret(name): env["OS_" + name] // "" | sub("\\r$"; "") | if . == "" then error("OS_" + name + " is not set.") else . end;
    def id_or_name($id; $name): if $id then {id: $id} elif $name then {name: $name} else null end;
    def in_domain($id; $name; $domain): if $id then {id: $id} else {name: $name} + (if $domain then {$domain} else {} end) end;
    (first(env | keys[] | select(test("^OS_[A-Z0-9_]*ENDPOINT_OVERRIDE$") and env[.] != "")) // null) as $override
    | (if $override then error($override + " is set, and this script knows no overrides.") else null end)
    | os("PROJECT_ID", "TENANT_ID") as $project_id | os("PROJECT_NAME", "TENANT_NAME") as $project_name
    | id_or_name(os("DOMAIN_ID"); os("DOMAIN_NAME")) as $domain
    | id_or_name(os("DEFAULT_DOMAIN_ID"); os("DEFAULT_DOMAIN_NAME")) as $default
    | (if os("IDENTITY_API_VERSION") == "3" then {id: (os("DEFAULT_DOMAIN") // "default")} else null end) as $standard
    | (if $project_id or $project_name then $domain else null end) as $shared
    | (id_or_name(os("USER_DOMAIN_ID"); os("USER_DOMAIN_NAME")) // $domain // $default // $standard) as $user_domain
    | (id_or_name(os("PROJECT_DOMAIN_ID"); os("PROJECT_DOMAIN_NAME")) // $shared // $default // $standard) as $project_domain
    | (os("USER_ID", "USERID")) as $user_id | os("USERNAME", "USER_NAME") as $username
    | (if $user_id or $username then in_domain($user_id; $username; $user_domain) else null end) as $user
    | ((os("AUTH_TYPE", "AUTH_PLUGIN")) // (if os("APPLICATION_CREDENTIAL_SECRET") then "v3applicationcredential"
        elif $user == null and os("TOKEN", "AUTH_TOKEN") then "v3token" else "v3password" end)) as $type
    | (if $type | test("application_?credential") then
        {methods: ["application_credential"], application_credential: ((os("APPLICATION_CREDENTIAL_ID")) as $id
          | (if $id then {$id} else {name: (os("APPLICATION_CREDENTIAL_NAME")
            // error("OS_APPLICATION_CREDENTIAL_ID is not set.")), user: ($user // error("OS_USERNAME is not set."))} end)
          + {secret: secret("APPLICATION_CREDENTIAL_SECRET")})}
      elif $type | test("^(v3)?token$") then {methods: ["token"], token: {id: secret("TOKEN")}}
      elif $type | test("^(v3)?password$") then {methods: ["password"], password:
        {user: (($user // error("OS_USERNAME is not set.")) + {password: secret("PASSWORD")})}}
      else error("This script knows passwords, tokens and application credentials; OS_AUTH_TYPE is " + $type + ".") end) as $identity
    | (if $identity.application_credential then null
      elif os("SYSTEM_SCOPE") then {system: {all: true}}
      elif os("TRUST_ID") then {"OS-TRUST:trust": {id: os("TRUST_ID")}}
      elif $project_id or $project_name then {project: in_domain($project_id; $project_name; $project_domain)}
      elif $domain then {$domain} else null end) as $scope
    | {auth: ({$identity} + (if $scope then {$scope} else {} end))}'
}`,
  },
  authenticate: {
    needs: ['find_identity', 'send'],
    text: `
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
  send --token no --follow no --body "$work/auth" POST "$_identity/auth/tokens$_nocatalog" \\
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
    def seconds: utc | sub("\\\\.[0-9]+Z$"; "Z") | fromdateiso8601;
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
  _homes=$_homes$_newline$(jq -r "$jq_origin .identity_url as \\$id | [.catalog[]?.endpoints[].url | origin] | unique[] | \\"\\(\\$id) \\(.)\\"" "$work/$_name.json")
%OWN%  eval "$_name=\\$_id"
}`,
  },
  log_in: {
    needs: ['authenticate'],
    text: `
# log_in: asks for a token as the last time.
log_in() { authenticate token "$_login" "$_login_at" "$_login_query" '' \${_login_header:+"$_login_header"}; }`,
  },
  pick_endpoint: {
    text: `
# pick_endpoint NAME TYPES SERVICE REGION INTERFACES SERVICE-NAME: chooses an endpoint of the catalog. TYPES are the
# service type and its aliases, best first; the first interface that has a match wins.
pick_endpoint() {
  jq -c --argjson types "$2" --arg service "$3" --arg region "$4" --arg interfaces "$5" --arg named "$6" '
    ($interfaces | split(",") | map(gsub("^\\\\s+|\\\\s+$"; "") | sub("URL$"; "")) | map(select(. != ""))
      | if . == [] then ["public"] else . end) as $wanted
    | (.catalog // []) as $catalog
    | [$types[] as $type | $catalog[] | select(.type == $type)
      | select($named == "" or .name == "" or .name == $named)] as $services
    | [$services[] as $one | $one.endpoints[] | {url, interface, service: $one.type, name: $one.name}
      + (if .region then {region} else {} end)] as $all
    | [$wanted[] as $interface | $all[] | select(.interface == $interface and ($region == "" or .region == $region))] as $found
    | if $found != [] then $found[0] | .url |= sub("/+$"; "") | .origin = (.url | split("/")[:3] | join("/"))
      elif $catalog == [] then {problem: "The service catalog is empty."}
      else {problem: ("\\($wanted | join(" or ")) endpoint for \\($service) service"
        + (if $named == "" then "" else " named " + $named end)
        + (if $region == "" then "" else " in \\($region) region" end) + " not found. "
        + (if $all == [] then "The catalog has the services \\($catalog | map(.type) | unique | join(", "))."
          elif $region != "" and ([$all[].region] | index([$region]) | not)
          then "\\($service) is in the regions \\([$all[].region | values] | unique | join(", "))."
          else "There it has the interfaces \\([$all[] | select($region == "" or .region == $region) | .interface] | unique | join(", "))." end))}
      end' "$work/token.json" >"$work/$1.json" || fail 5 'The service catalog cannot be read.' || return "$?"
  read -r _found <"$work/$1.json"
  case $_found in '{"problem":'*) fail 5 "$(jq -r .problem "$work/$1.json")" || return "$?" ;; esac
  eval "$1=\\$(jq -r .url \\"\\$work/\\$1.json\\")"
}`,
  },
  forget_token: {
    needs: ['send'],
    text: `
# forget_token TOKEN KEYSTONE: asks Keystone to revoke a token with itself.
forget_token() {
  send --token no --follow no DELETE "$2/auth/tokens" 'Accept: */*' "X-Auth-Token: $1" "X-Subject-Token: $1" || return "$?"
  case $_status in
    200 | 204 | 401 | 404)
      case $_tokens in
        *"$1 $2$_newline"*) _tokens=\${_tokens%%"$1 $2$_newline"*}\${_tokens#*"$1 $2$_newline"} ;;
      esac
      ;;
    *) fail 6 "Keystone answered $_status when asked to revoke a token." ;;
  esac
}`,
  },
  revoke: {
    needs: ['forget_token'],
    text: `
# revoke TOKEN: revokes a token and proves it: asked with itself Keystone answers 401, asked with another 404.
revoke() {
  _keystone=$_identity
  case $_tokens in *"$1 "*) _keystone=\${_tokens#*"$1 "} _keystone=\${_keystone%%"$_newline"*} ;; esac
  forget_token "$1" "$_keystone" || return "$?"
  _asker=$1
  while read -r _other _where; do
    [ "$_where" != "$_keystone" ] || _asker=$_other
  done <<EOF
$_tokens
EOF
  send --token no --follow no HEAD "$_keystone/auth/tokens" 'Accept: */*' "X-Auth-Token: $_asker" \\
    "X-Subject-Token: $1" || return "$?"
  case $_status in
    401 | 404) ;;
    *) fail 4 "The revoked token still validates: Keystone answered $_status." ;;
  esac
}`,
  },
} as const satisfies HelperGroup
