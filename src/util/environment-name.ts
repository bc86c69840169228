/** The environment variable, or the shell's, that stands for a name of a recipe: `-` becomes `_`. */
export function variableOf(name: string): string {
  return name.replaceAll('-', '_')
}

/** The variable that stands for what a recipe reads: `run.id` is `run_id`, `env.HOME` is `HOME`. */
export function variableOfPath(path: readonly (string | number)[]): string {
  const [first, ...rest] = path
  const keys = first === 'env' && rest.length > 0 ? rest : path
  return keys.join('_').replace(/\W/g, '_')
}

/** Whether a variable of this name changes how programs or shells behave, or holds credentials. */
export function isTakenVariable(variable: string): boolean {
  return taken.test(variable)
}

const taken =
  /^(_.*|PATH|IFS|HOME|USER|LOGNAME|PS[0-9]|ENV|CDPATH|PWD|OLDPWD|P?PID|E?UID|GROUPS|LINENO|RANDOM|SECONDS|OPT(IND|ARG|ERR)|REPLY|BASH.*|SHELL.*|PROMPT_COMMAND|FUNCNEST|GLOBIGNORE|HIST.*|LANG.*|LC_.*|TERM.*|TMPDIR|TZ|LD_.*|DYLD_.*|MALLOC_.*|GCONV_PATH|NLSPATH|LOCPATH|HOSTALIASES|RES_OPTIONS|RESOLV_.*|NODE_.*|NPM_.*|PYTHON.*|PERL.*|RUBY.*|JAVA.*|_JAVA.*|GIT_.*|SSH_.*|CURL_.*|JQ_.*|SSL.*|OPENSSL_.*|REQUESTS_CA_BUNDLE|EDITOR|VISUAL|PAGER|LESS.*|OS_.*|OSRUN_.*|(https?|all|no|ftp)_proxy|(HTTPS?|ALL|NO|FTP)_PROXY)$/
