/** What a script has to do besides its steps, which decides how much of the frame and the helpers is there. */
export type FrameParts = {
  readonly tokens: boolean
  /** Requests are sent with a token that may come to its end. */
  readonly renews: boolean
  readonly deferred: boolean
  /** Deferred steps read names as they were. */
  readonly keeps: boolean
  readonly polls: boolean
  readonly retries: boolean
  readonly runId: boolean
  /** URLs are secrets then, also in what is told of failures. */
  readonly signs: boolean
  readonly hashes: boolean
  /** Credentials of the environment or tokens are there, which are for their own cloud alone. */
  readonly credentials: boolean
  /** The certificates of servers are looked at. */
  readonly certificates: boolean
}

/** The programs that a script needs besides those of every system. */
export function programsOf({ signs, certificates }: FrameParts): readonly string[] {
  return ['curl', 'jq', ...(signs || certificates ? ['openssl'] : [])]
}

/** How the start, the failures and the end of a script work. */
export function frame(has: FrameParts): string {
  return [startOf(has), ...(has.keeps ? [keeping] : has.deferred ? [deferring] : []), cleanup(has)].join('\n')
}

function startOf(has: FrameParts): string {
  return start
    .replace('%PROGRAMS%', programsOf(has).join(' '))
    .replaceAll('%MASKED%', has.signs ? ' | masked' : '')
    .replace('%RUN_ID%\n', has.runId ? runId : '')
    .replace('%KEEP%', has.keeps ? '  keep\n' : '')
    .replace('%RESET%', `${has.polls ? ' _asked=0' : ''}${has.retries ? ' _times=0' : ''}`)
    .replace(
      '%COUNTS%',
      `${has.keeps ? " _defers=0 _unkept=''" : ''}${has.polls ? ' _asked=0' : ''}${has.retries ? " _times=0 _methods=''" : ''}`,
    )
}

const start = `
for _program in %PROGRAMS%; do
  command -v "$_program" >/dev/null || { echo "This script needs $_program." >&2; exit 1; }
done
LC_ALL=C
export LC_ALL
umask 077
work=$(mktemp -d) || exit 1
: >"$work/secrets"
%RUN_ID%
_controls=$(printf '\\001\\002\\003\\004\\005\\006\\007\\010\\012\\013\\014\\015\\016\\017\\020\\021\\022\\023\\024\\025\\026\\027\\030\\031\\032\\033\\034\\035\\036\\037\\177')
_step='' _child='' _deadline='' _interrupted='' _signalled='' _patient='' _cleaning='' _deferred='' _before='' _tokens='' _by=''%COUNTS%
_newline='
'

# step TITLE: says what is done next.
step() {
%KEEP%  _step=$1 _before=$_deferred _by=''%RESET%
  printf -- '- %s\\n' "$1"
}

# fail STATUS MESSAGE: ends a step whose request was refused or never made; the script's exit status becomes STATUS:
# 1 wrong usage, 3 could not ask, 4 an expectation was not met, 5 authentication or catalog failed, 6 cleaning up failed.
fail() {
  printf '%s: %s\\n' "$_step" "$2"%MASKED% >&2
  _deferred=$_before
  return "$1"
}

# lost STATUS MESSAGE: as fail, where the server may have done what was asked, so that it is cleaned up.
lost() {
  printf '%s: %s\\n' "$_step" "$2"%MASKED% >&2
  return "$1"
}`

const runId = `run_id=$(od -An -N4 -tx1 /dev/urandom | tr -d ' \\n')
`

const deferring = `
# defer FUNCTION: runs it at the end, last registered first.
defer() { _deferred="$1 $_deferred"; }`

const keeping = `
# defer FUNCTION [NAME]...: runs it at the end, last registered first, with these names as they are after this step.
defer() {
  _defers=$((_defers + 1)) _unkept="$*"
  _deferred="$1:$_defers $_deferred"
}

# keep: keeps the names that the last defer spoke of; those that end with .json are files.
keep() {
  for _name in \${_unkept#"\${_unkept%% *}"}; do
    case $_name in
      *.json) cp "$work/$_name" "$work/$_defers-$_name" ;;
      *) eval "_\${_name}_$_defers=\\$$_name" ;;
    esac
  done
  _unkept=''
}

# recall NAME...: gives the names back what they were.
recall() {
  for _name in "$@"; do
    case $_name in
      *.json) cp "$work/$_of-$_name" "$work/$_name" ;;
      *) eval "$_name=\\$_\${_name}_$_of" ;;
    esac
  done
}`

function cleanup({ tokens, deferred, keeps, polls, retries }: FrameParts): string {
  // A recipe may have revoked its token before its deferred steps, which then need a new one.
  const wake = `
  if [ "$_deferred" ] && [ "\${token-}" ]; then
    case $_tokens in
      *"$token "*) ;;
      *) log_in || echo 'No token for cleaning up.' >&2 ;;
    esac
  fi`
  return `
# What happens at the end, however it comes: deferred steps, then the revocation of tokens.
clean_up() {
  _exit=$?
  _left=''${deferred ? " _function=''" : ''}
  trap '' HUP PIPE XCPU
  # What a signal that comes twice would end is not begun before the second one has come.
  [ ! "$_signalled" ] || sleep 1
  trap stop ${endings}
  trap - EXIT
  [ ! "$_child" ] || kill "$_child" 2>/dev/null
  _interrupted='' _cleaning=yes _by=''${polls ? ' _asked=0' : ''}${retries ? ' _times=0' : ''}
  _deadline=$(($(date +%s) + 30))${deferred && tokens ? wake : ''}${
    deferred
      ? `
  while [ "$_deferred" ]; do${keeps ? '\n    keep' : ''}
    _function=${'${_deferred%% *}'} _deferred=${'${_deferred#* }'}
    ${keeps ? '_of=${_function#*:} _function=${_function%:*}\n    ' : ''}"$_function" || _left="$_left $_function"
  done${tokens ? "\n  _by=''" : ''}${tokens && retries ? ' _times=0' : ''}`
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
  [ "$_exit" -ne 0 ] || echo passed || _exit=1
  exit "$_exit"
}

# Whether a signal comes with the one before, as those of timeout do, which sends two.
is_same() { [ "$_signalled" ] && [ "$(date +%s)" -le $((_signalled + 1)) ]; }

interrupt() {
  if [ "$_patient" ] && { [ ! "$_interrupted" ] || is_same; }; then
    _signalled=\${_signalled:-$(date +%s)} _interrupted=yes
    return 0
  fi
  trap '' ${endings} HUP PIPE XCPU
  _signalled=\${_signalled:-$(date +%s)}
  exit 130
}

# Whoever read the output is gone, and nothing more is said to them.
unheard() {
  exec >/dev/null
  interrupt
}

# While it is cleaned up: a signal of its own stops at once.
stop() {
  ! is_same || return 0
  echo "Cleaning up was interrupted; left:${deferred ? ' $_function ${_deferred:-no more deferred steps}' : ' no deferred step'}\${_tokens:+ and live tokens}." >&2
  rm -rf "$work"
  exit 130
}
trap clean_up EXIT
trap interrupt ${endings} HUP XCPU
trap unheard PIPE
# What may not grow any more is told by the write that fails.
trap '' XFSZ`
}

// HUP and XCPU end a script too, and are sent several times: they never stop cleaning up.
const endings = 'INT TERM QUIT ALRM USR1 USR2'
