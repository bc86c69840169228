#!/bin/sh
# Read an object's metadata. Make a token, find the object store in the catalog,
# ask for an object's metadata.
# Made by osrun export --plain from recipes/object-metadata.yaml.
set -eu
: "${OS_USERNAME:?}" "${OS_PASSWORD:?}" "${OS_AUTH_URL:?}"
export OS_PROJECT_NAME="${OS_PROJECT_NAME:-${OS_TENANT_NAME:?}}"
export OS_USER_DOMAIN_NAME="${OS_USER_DOMAIN_NAME:-Default}"
export OS_PROJECT_DOMAIN_NAME="${OS_PROJECT_DOMAIN_NAME:-Default}"
export CURL_CA_BUNDLE="${OS_CACERT-}"
container=${container-photos}
object=${object-fullsize/ovh-summit-2014-backstage-DS.jpg}
keystone=${OS_AUTH_URL%/} keystone=${keystone%/v3}/v3

# However the script ends: its answers are removed, its token is revoked.
work=$(mktemp -d) token=''
trap 'rm -rf "$work"
[ ! "$token" ] || curl -sS -o /dev/null -w "token revoked: %{http_code}\n" \
  -X DELETE "$keystone/auth/tokens" -H "X-Auth-Token: $token" \
  -H "X-Subject-Token: $token"' EXIT
trap 'exit 130' HUP INT TERM

# 1. authenticate. The token comes back in a *header*, X-Subject-Token; the
# catalog is in the body.
jq -n '{auth: {
  identity: {methods: ["password"],
    password: {user: {name: env.OS_USERNAME,
      domain: {name: env.OS_USER_DOMAIN_NAME}, password: env.OS_PASSWORD}}},
  scope: {project: {name: env.OS_PROJECT_NAME,
    domain: {name: env.OS_PROJECT_DOMAIN_NAME}}}}}' |
  curl -sS -f -D "$work/head" -o "$work/token.json" "$keystone/auth/tokens" \
  -H 'Accept: application/json' -H 'Content-Type: application/json' -d @-
token=$(grep -i '^x-subject-token:' "$work/head" | cut -d' ' -f2 | tr -d '\r')

# 2. pick-endpoint object-store. The public URL of the object store in your
# region, out of the catalog.
endpoint=$(jq -r 'first(.token.catalog[] | select(.type == "object-store")
  | .endpoints[] | select(.interface == (env.OS_INTERFACE // "public"))
  | select(.region == (env.OS_REGION_NAME // .region)) | .url)
  // error("no endpoint of object-store") | sub("/+$"; "")' "$work/token.json")

# 3. HEAD ${endpoint}/${container}/${object}. The token travels in X-Auth-Token.
# A HEAD brings the headers alone, which are the metadata.
status=$(curl -sS -f -w '%{http_code}' -I -o "$work/head" \
  "$endpoint/$container/$object" -H "X-Auth-Token: $token")
tr -d '\r' <"$work/head" | tee "$work/headers"
size=$(grep -i '^content-length:' "$work/headers" | cut -d' ' -f2-)

# 4. assert status, headers.
[ "$status" = 200 ] || { echo "status: $status, not 200" >&2; exit 4; }
found=$(grep -i '^content-type:' "$work/headers" | cut -d' ' -f2-)
[ "$found" = image/jpeg ] || { echo "content-type: $found" >&2; exit 4; }
[ "$size" -ge 1 ] || { echo "content-length: $size" >&2; exit 4; }
found=$(grep -i '^etag:' "$work/headers" | cut -d' ' -f2-)
printf '%s\n' "$found" | grep -Eq '^[0-9a-f]{32}$' ||
  { echo "etag: $found" >&2; exit 4; }

# 5. revoke. A token that is not needed any more should not stay good until
# tomorrow.
# The trap does this, as at any other end.
