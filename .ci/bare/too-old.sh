# A Node that is too old is told so in one sentence, before anything is made or sent.
set -u
version=$(node -p process.versions.node)
needed=$(node -p 'require("./package.json").engines.node.slice(2)')
sentence="osrun needs Node $needed or newer, and this is Node $version: get one by "
result=0

says() { # STATUS PATTERN COMMAND...
  local status=0 wanted=$1 pattern=$2
  shift 2
  "$@" >~/stdout 2>~/stderr || status=$?
  [ "$status" -eq "$wanted" ] && grep -F -- "$pattern" ~/stderr && return
  cat ~/stdout ~/stderr
  echo "this ends with $status, and not with $wanted and \"$pattern\": $*"
  result=1
}

for program in bin/osrun.cjs ~/prefix/bin/osrun; do
  says 1 "$sentence" node "$program" --sandbox recipes/object-metadata.yaml
  if [ -s ~/stdout ] || [ "$(wc -l <~/stderr)" -ne 1 ]; then
    cat ~/stdout ~/stderr
    echo "$program says more than one sentence"
    result=1
  fi
done

# What is older than 18 has no npm that is still used, and does not read the library's language.
[ "${version%%.*}" -ge 18 ] || exit "$result"
says 1 "Required: {\"node\":\">=$needed\"}" npm ci
says 1 "$sentence" npm test
says 1 "Error: $sentence" node --input-type=module -e 'import "osrun"'
exit "$result"
