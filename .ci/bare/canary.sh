# The checks of this machine are worth something only if they are red for a test that needs more than Node. One in
# each half of `npm test`: in process no program is started, and among the processes there is no curl.
set -u
body="import { execFileSync } from 'node:child_process'
import { test } from 'vitest'

test('canary', () => {
  execFileSync('curl', ['--version'])
})"
result=0

red() { # PROJECT FILE SENTENCE
  echo "$body" >"$2"
  if npx vitest run --update=none --project "$1" "$2" >~/canary 2>&1; then
    echo "$1: the test that needs curl passes"
    result=1
  elif ! grep -F "$3" ~/canary; then
    cat ~/canary
    echo "$1: the test that needs curl does not fail by: $3"
    result=1
  fi
  rm "$2"
}

mkdir -p test/process
red node test/util/canary.test.ts 'A test of this lane starts a process (curl)'
red process test/process/canary.test.ts 'spawnSync curl ENOENT'
exit "$result"
