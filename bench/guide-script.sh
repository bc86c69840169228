# What somebody who knows curl and jq well would write.
set -eu
answer=$(jq -cn '{auth: {identity: {methods: ["password"], password: {user: {name: env.OS_USERNAME, domain: {name: "Default"}, password: env.OS_PASSWORD}}}, scope: {project: {name: env.OS_PROJECT_NAME, domain: {name: "Default"}}}}}' |
  curl -sS -i "$OS_AUTH_URL/auth/tokens" -H 'Content-Type: application/json' --data-binary @-)
while IFS= read -r line; do
  case ${line%$'\r'} in [Xx]-[Ss]ubject-[Tt]oken:*) token=${line#*: } token=${token%$'\r'} ;; '') break ;; esac
done <<<"$answer"
endpoint=$(jq -r --arg region "$OS_REGION_NAME" \
  '.token.catalog[] | select(.type == "object-store").endpoints[] | select(.interface == "public" and .region_id == $region).url' <<<"${answer#*$'\r\n\r\n'}")
curl -sS -I "$endpoint/photos/fullsize/ovh-summit-2014-backstage-DS.jpg" -H "X-Auth-Token: $token" | grep -q ' 200 '
curl -sS -X DELETE "$OS_AUTH_URL/auth/tokens" -H "X-Auth-Token: $token" -H "X-Subject-Token: $token"
curl -sS -o /dev/null -I "$OS_AUTH_URL/auth/tokens" -H "X-Auth-Token: $token" -H "X-Subject-Token: $token"
