# The guide as it is typed: a token to look at, the same again to keep what is needed, then the question.
set -eu
body=$(jq -cn '{auth: {identity: {methods: ["password"], password: {user: {name: env.OS_USERNAME, domain: {name: "Default"}, password: env.OS_PASSWORD}}}, scope: {project: {name: env.OS_PROJECT_NAME, domain: {name: "Default"}}}}}')
curl -sS -X POST "$OS_AUTH_URL/auth/tokens" -H 'Content-Type: application/json' -d "$body" | python3 -mjson.tool >/dev/null
token=$(curl -sS -is -X POST "$OS_AUTH_URL/auth/tokens" -H 'Content-Type: application/json' -d "$body" | grep -i '^X-Subject-Token' | cut -d' ' -f2 | tr -d '\r')
endpoint=$(curl -sS "$OS_AUTH_URL/auth/catalog" -H "X-Auth-Token: $token" | jq -r --arg region "$OS_REGION_NAME" \
  '.catalog[] | select(.type == "object-store").endpoints[] | select(.interface == "public" and .region_id == $region).url')
curl -sS -I "$endpoint/photos/fullsize/ovh-summit-2014-backstage-DS.jpg" -H "X-Auth-Token: $token" | grep -q ' 200 '
curl -sS -X DELETE "$OS_AUTH_URL/auth/tokens" -H "X-Auth-Token: $token" -H "X-Subject-Token: $token"
