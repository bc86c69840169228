import { quoteShell } from '../../util/text/shell-quote.ts'

/** A command that puts what `curl` answers into a variable, headers first and without their CR, and then does `after`. */
export function keepAnswer(curl: string, variable: string, after: string): string {
  return `${variable}=$(${curl} | tr -d '\\r'); ${after}`
}

/** Shows an answer that is in a variable; of a login its first line alone, since the others hold the token. */
export function showAnswer(variable: string, isLogin: boolean): string {
  return `printf '%s\\n' "$${variable}"${isLogin ? ' | head -n 1' : ''}`
}

/** `name=$(...)`: a header of the answer that is in a variable. */
export function headerLine(name: string, answer: string, header: string): string {
  return `${name}=$(printf '%s\\n' "$${answer}" | grep -i '^${header.toLowerCase()}:' | cut -d' ' -f2-)`
}

/** `name=$(...)`: the status of the answer that is in a variable. */
export function statusLine(name: string, answer: string): string {
  return `${name}=$(printf '%s\\n' "$${answer}" | head -n 1 | cut -d' ' -f2)`
}

/** `name=$(...)`: what jq finds in the body of the answer that is in a variable; the whole body without a program. */
export function bodyLine(name: string, answer: string, program?: string): string {
  const jq = program === undefined ? '' : ` | jq -r ${quoteShell(program)}`
  return `${name}=$(printf '%s\\n' "$${answer}" | sed '1,/^$/d'${jq})`
}

/** `name=value`. */
export function valueLine(name: string, value: string): string {
  return `${name}=${quoteShell(value)}`
}

/** `name=$(...)`: a secret that anybody may make up. */
export function madeUpLine(name: string): string {
  return `${name}=$(openssl rand -hex 16)`
}
