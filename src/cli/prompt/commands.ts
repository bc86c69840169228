import type { Again, Stop } from '../../model/gate.ts'
import { nearest } from '../../util/text/nearest.ts'

/** What a command of the prompt works on. */
type PromptSession = {
  readonly at: Stop
  /** The step has run, and did not pass. */
  readonly hasRun: boolean
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal
  /** The curl lines that the step at hand would send. */
  planned(): Promise<readonly string[]>
  /** Reads the recipe's file again and checks it; throws OsrunError when it is no good. */
  reread(): Promise<Again>
  /** From now on every step is stopped at, or only those that were named. */
  stopAtNext(yes: boolean): void
  say(text: string): void
}

type PromptCommand = {
  readonly name: string
  readonly short: string
  readonly usage: string
  readonly meaning: string
  /** What the run is to do; undefined: the prompt comes again. */
  run(session: PromptSession, words: string): Promise<'go' | 'quit' | Again | undefined>
}

/** The commands of the prompt, in the order of its help. Any beginning of a name stands for the first that has it. */
const promptCommands: readonly PromptCommand[] = [
  {
    name: 'next',
    short: 'n',
    usage: 'next',
    meaning: 'run this step, and stop at the one after it',
    async run({ stopAtNext }) {
      stopAtNext(true)
      return 'go'
    },
  },
  {
    name: 'continue',
    short: 'c',
    usage: 'continue',
    meaning: 'go on to the next step that --break names',
    async run({ stopAtNext }) {
      stopAtNext(false)
      return 'go'
    },
  },
  {
    name: 'print',
    short: 'p',
    usage: 'print PATH',
    meaning: 'show a value, such as endpoint.region or response.headers; alone: all names',
    async run({ at, say }, path) {
      if (path === '') say(at.names().join(' '))
      else say(at.print(path.replace(/^\$\{(.*)\}$/, '$1')) ?? missing(at, path))
      return undefined
    },
  },
  {
    name: 'curl',
    short: 'u',
    usage: 'curl',
    meaning: 'show the curl lines of the last request and of those that come next',
    async run({ at, hasRun, planned, say }) {
      say(`# last\n${at.curl ?? '# no request has been sent yet'}`)
      if (hasRun) return undefined
      const next = await planned()
      say(`# next\n${next.length === 0 ? '# this step sends nothing' : next.join('\n')}`)
      return undefined
    },
  },
  {
    name: 'retry',
    short: 'r',
    usage: 'retry',
    meaning: 'read the recipe again, and run the step as it is there now',
    run: async ({ reread }) => reread(),
  },
  {
    name: 'request',
    short: 's',
    usage: 'request METHOD URL',
    meaning: 'send a request of your own; its answer is `response` until the run goes on',
    async run({ at, signal, say }, line) {
      if (/^([A-Za-z]+\s+)?\S+$/.test(line)) await at.request(line, signal)
      else say('A request is a method and a URL: request GET ${endpoint}/photos')
      return undefined
    },
  },
  {
    name: 'where',
    short: 'w',
    usage: 'where',
    meaning: 'list the steps, with the one at which the run stands',
    async run({ at, say }) {
      for (const { id, verb, at: place } of at.recipe.steps)
        say(
          `${id === at.step.id ? '>' : ' '} ${id.padEnd(20)} ${verb.padEnd(14)} ${place.file}:${place.line}`,
        )
      return undefined
    },
  },
  {
    name: 'help',
    short: 'h',
    usage: 'help',
    meaning: 'list the commands',
    async run({ say }) {
      for (const { usage, meaning } of promptCommands) say(`${usage.padEnd(20)} ${meaning}`)
      return undefined
    },
  },
  {
    name: 'quit',
    short: 'q',
    usage: 'quit',
    meaning: 'end the run: deferred steps run, and tokens are revoked; so do Ctrl-C and Ctrl-D',
    run: async () => 'quit',
  },
]

/** The command that the first word of a line means; `list` and a question mark are known too. */
export function promptCommand(word: string): PromptCommand | undefined {
  const name = { list: 'where', l: 'where', '?': 'help' }[word] ?? word
  return (
    promptCommands.find((one) => one.name === name || one.short === name) ??
    promptCommands.find((one) => one.name.startsWith(name))
  )
}

/** Completes a line: the words that fit, and the part of it that they replace; as node:readline wants it. */
export function completePrompt(line: string, at: Stop): [string[], string] {
  const [, path] = /^(?:p|print)\s+(.*)$/s.exec(line) ?? []
  if (path === undefined) {
    const names = promptCommands.map(({ name }) => name)
    return [names.filter((name) => name.startsWith(line)).map((name) => `${name} `), line]
  }
  const dot = path.lastIndexOf('.')
  const outer = dot < 0 ? undefined : path.slice(0, dot)
  const found = at.names(outer).map((name) => (outer === undefined ? name : `${outer}.${name}`))
  return [found.filter((name) => name.startsWith(path)), path]
}

function missing(at: Stop, path: string): string {
  const near = nearest(path, at.names())
  return `There is no ${path}.${near === undefined ? '' : ` Did you mean ${near}?`}`
}
