import type { OsrunError } from '../../model/problem.ts'
import type { Placed } from './variables.ts'
import { isName, type Text, type Variable, type Variables } from './variables.ts'

/** What the pieces of a file are evaluated in. */
export type Shell = {
  readonly variables: Variables
  /** Those of `set` that change what is exported, or whether the shell goes on. */
  readonly options: { allexport: boolean; errexit: boolean; nounset: boolean }
  /** How deep conditions are nested; within them `set -e` ends nothing. */
  conditions: number
  /** The file has returned. */
  isOver: boolean
  /** Counts a turn of a loop. Throws when there were too many. */
  turn(at: Placed): void
  /** The value of a variable; undefined when it is not set. Throws where only a shell knows it. */
  read(name: string, at: Placed): Text | undefined
  /** Sets a variable, as an assignment does. Throws for one that cannot be set. */
  assign(name: string, value: Text, at: Placed): Variable
  /** The error that says what only a shell can do. */
  refuse(at: Placed, what: string): OsrunError
}

/** A shell that has done nothing yet. */
export function createShell(variables: Variables, refuse: Shell['refuse']): Shell {
  const options = { allexport: false, errexit: false, nounset: false }
  let turns = 0
  return {
    variables,
    options,
    conditions: 0,
    isOver: false,
    refuse,
    turn(at) {
      if (++turns > mostTurns) throw refuse(at, 'a loop of too many turns')
    },
    read(name, at) {
      if (!isName(name)) throw refuse(at, 'a parameter that only a shell has')
      const { value } = variables.get(name) ?? {}
      if (ownNames.test(name) || (value === undefined && defaultNames.test(name)))
        throw refuse(at, 'a variable that a shell sets by itself')
      return value
    },
    assign(name, value, at) {
      if (ownNames.test(name)) throw refuse(at, 'an assignment that changes the shell itself')
      if (variables.get(name)?.isReadonly === true)
        throw refuse(at, 'an assignment to a variable that is read-only')
      if (value.text.length > longestValue) throw refuse(at, 'a value that is too long')
      const variable = variables.set(name, value, at)
      variable.isExported ||= options.allexport
      return variable
    },
  }
}

// What bash sets or computes by itself, so that no environment says it:
// https://www.gnu.org/software/bash/manual/html_node/Bash-Variables.html
const ownNames =
  /^(?:BASH.*|COMP_.*|COPROC|DIRSTACK|E?UID|EPOCH.*|FUNCNAME|GROUPS|HISTCMD|IFS|LINENO|MAPFILE|(?:OLD)?PWD|OPT(?:ARG|ERR|IND)|PIPESTATUS|PPID|S?RANDOM|READLINE_.*|REPLY|SECONDS|SHELLOPTS|SHLVL|POSIXLY_CORRECT|GLOBIGNORE|COLUMNS|LINES|_)$/
// What bash sets where the environment does not.
const defaultNames = /^(?:HOST(?:NAME|TYPE)|MACHTYPE|OSTYPE|PATH|PS4|SHELL|TERM)$/

const mostTurns = 10_000
const longestValue = 1024 * 1024
