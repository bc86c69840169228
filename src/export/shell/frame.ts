/** How the start, the failures and the end of a script work; what has to be cleaned up decides how much of it is there. */
export function frame(has: {
  readonly tokens: boolean
  readonly deferred: boolean
  readonly wakes: boolean
  readonly runId: boolean
}): string {
  return [
    start.replace('%RUN_ID%\n', has.runId ? runId : ''),
    ...(has.deferred ? [deferring] : []),
    cleanup(has),
  ].join('\n')
}

const start = `
for _program in curl jq; do
  command -v "$_program" >/dev/null || { echo "This script needs $_program." >&2; exit 1; }
done
LC_ALL=C
export LC_ALL
umask 077
work=$(mktemp -d) || exit 1
: >"$work/secrets"
%RUN_ID%
_controls=$(printf '\\001\\002\\003\\004\\005\\006\\007\\010\\012\\013\\014\\015\\016\\017\\020\\021\\022\\023\\024\\025\\026\\027\\030\\031\\032\\033\\034\\035\\036\\037\\177')
_step='' _curl='' _deadline='' _interrupted='' _patient='' _deferred='' _before='' _tokens=''
_newline='
'

# step TITLE: says what is done next.
step() {
  _step=$1 _before=$_deferred
  printf -- '- %s\\n' "$1"
}

# fail STATUS MESSAGE: ends a step whose request was refused or never made; the script's exit status becomes STATUS:
# 1 wrong usage, 3 could not ask, 4 an expectation was not met, 5 authentication or catalog failed, 6 cleaning up failed.
fail() {
  printf '%s: %s\\n' "$_step" "$2" >&2
  _deferred=$_before
  return "$1"
}

# lost STATUS MESSAGE: as fail, where the server may have done what was asked, so that it is cleaned up.
lost() {
  printf '%s: %s\\n' "$_step" "$2" >&2
  return "$1"
}`

const runId = `run_id=$(od -An -N4 -tx1 /dev/urandom | tr -d ' \\n')
`

const deferring = `
# defer FUNCTION: runs it at the end, last registered first.
defer() { _deferred="$1 $_deferred"; }`

function cleanup({
  tokens,
  deferred,
  wakes,
}: {
  tokens: boolean
  deferred: boolean
  wakes: boolean
}): string {
  // A recipe may have revoked its token before its deferred steps, which then need a new one.
  const wake = `
  if [ "$_deferred" ] && [ "\${token-}" ]; then
    case $_tokens in
      *"$token "*) ;;
      *) authenticate token "$_login" "$_login_at" '' '' || echo 'No token for cleaning up.' >&2 ;;
    esac
  fi`
  return `
# What happens at the end, however it comes: deferred steps, then the revocation of tokens.
clean_up() {
  _exit=$?
  _left=''
  trap 'echo "Cleaning up was interrupted; left: \${_deferred:-no deferred step}\${_tokens:+ and live tokens}." >&2; rm -rf "$work"; exit 130' INT TERM HUP
  trap - EXIT
  [ ! "$_curl" ] || kill "$_curl" 2>/dev/null
  _interrupted=''
  _deadline=$(($(date +%s) + 30))${wakes ? wake : ''}${
    deferred
      ? `
  for _function in $_deferred; do
    "$_function" || _left="$_left $_function"
  done`
      : ''
  }${
    tokens
      ? `
  _step='revoke the token'
  while read -r _token_left _keystone_left; do
    [ "$_token_left" ] || continue
    forget_token "$_token_left" "$_keystone_left" || _left="$_left a live token"
  done <<EOF
$_tokens
EOF`
      : ''
  }
  rm -rf "$work"
  if [ "$_left" ]; then
    echo "Cleaning up failed:$_left." >&2
    [ "$_exit" -ne 0 ] || _exit=6
  fi
  [ "$_exit" -ne 0 ] || echo passed
  exit "$_exit"
}

interrupt() {
  if [ "$_patient" ] && [ ! "$_interrupted" ]; then
    _interrupted=yes
    return 0
  fi
  exit 130
}
trap clean_up EXIT
trap interrupt INT TERM HUP`
}
