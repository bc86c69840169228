import { withoutEnd } from '../util/text/text-end.ts'

/** What is wrong with the form of an answer, and whether curl takes it all the same. */
export type AnswerFault = { readonly words: string; readonly curlTakes: boolean }

const faultWords = {
  beside: 'a Content-Length beside a Transfer-Encoding',
  folded: 'a header that goes on in the next line',
  control: 'a control character in a header',
  carriage: 'a lone carriage return in a header',
  lineEnd: 'a line that ends without its carriage return or line feed',
  name: 'a header whose name has a character that no name may have',
} as const

type Rule = {
  /** A word of what undici's parser says. */
  readonly said: RegExp
  readonly words: string
  /** Where the answer goes on with this, from the place that the parser could not read, curl takes it; anywhere unless given. */
  readonly taken?: RegExp | false
}

// curl was asked: each line is a case of the tests.
const rules: readonly Rule[] = [
  { said: /bad response/, words: 'a 100 Continue that was not asked for' },
  { said: /bad upgrade/, words: 'a change of the protocol that was not asked for', taken: false },
  { said: /can't be present/, words: faultWords.beside },
  { said: /whitespace after header value/, words: faultWords.folded },
  { said: /header value char/, words: faultWords.control, taken: /^[^\0]/ },
  { said: /Missing expected LF after header/, words: faultWords.carriage },
  {
    said: /Missing expected CR|Missing expected LF/,
    words: faultWords.lineEnd,
  },
  {
    said: /header token/,
    words: faultWords.name,
    taken: /^[^\r\n]*:/,
  },
  {
    said: /Invalid response status/,
    words: 'a status line that no answer may have',
    taken: /^(\n|[^\s:]+:)/,
  },
  { said: /Expected dot/, words: 'a version of HTTP that was not asked for' },
  { said: /Expected HTTP/, words: 'something that is not HTTP', taken: /^http\/1/i },
  { said: /in Content-Length/, words: 'a Content-Length that is no number', taken: /^\+/ },
  { said: /in chunk size/, words: 'a chunk whose length is no number', taken: /^[ \t\r\n]/ },
]

/** Finds it by what undici's parser threw, and what it had read; undefined where it has no such complaint. */
export function answerFault(error: unknown): AnswerFault | undefined {
  if (!(error instanceof Error)) return undefined
  const { data, code } = error as { readonly data?: unknown; readonly code?: unknown }
  const rest = typeof data === 'string' ? data : ''
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return headFault(rest)
  const rule = rules.find(({ said }) => said.test(error.message))
  if (rule === undefined) return undefined
  const { words, taken = /^/ } = rule
  return { words, curlTakes: taken !== false && taken.test(rest) }
}

/** What is wrong with a head, of an answer that it stands at the start of; undefined where nothing is. */
function headFault(answer: string): AnswerFault | undefined {
  if (!/^HTTP\//i.test(answer)) return undefined
  const heads = answer.split(/\r?\n\r?\n/)
  const head = heads.find((one) => !/^HTTP\/[\d.]+ +1\d\d/i.test(one)) ?? ''
  const [first = '', ...rest] = head.split('\n')
  const lines = rest.map((line) => withoutEnd(line, '\r'))
  const told = (words: string, curlTakes = true): AnswerFault => ({ words, curlTakes })
  if (head.includes('\0')) return told(faultWords.control, false)
  const names = lines.filter((line) => !isFolded(line))
  if (names.some((line) => !line.includes(':'))) return told(faultWords.name, false)
  if (names.some((line) => !isName.test(line))) return told(faultWords.name)
  if (lines.some(isFolded)) return told(faultWords.folded)
  if (lines.some((line) => line.includes('\r'))) return told(faultWords.carriage)
  if (lines.some((line) => isControl.test(line))) return told(faultWords.control)
  if (!first.endsWith('\r')) return told(faultWords.lineEnd)
  return lengthsFault(lines)
}

function isFolded(line: string): boolean {
  return line.startsWith(' ') || line.startsWith('\t')
}

const isName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const isControl = /[\u0001-\u0008\u000a-\u001f\u007f]/

function lengthsFault(lines: readonly string[]): AnswerFault | undefined {
  const valuesOf = (name: string): readonly string[] =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${name}:`))
      .flatMap((line) => line.slice(name.length + 1).split(','))
      .map((value) => value.trim())
  const lengths = valuesOf('content-length')
  const [length = ''] = lengths
  const told = (words: string): AnswerFault => ({ words, curlTakes: true })
  if (valuesOf('transfer-encoding').length > 0) return told(faultWords.beside)
  if (lengths.length > 1)
    return told(
      new Set(lengths).size === 1
        ? `the same Content-Length ${lengths.length} times`
        : `two lengths that differ, Content-Length: ${lengths.join(' and ')}`,
    )
  return /^\d+$/.test(length) && !Number.isSafeInteger(Number(length))
    ? told('a Content-Length that no body can have')
    : undefined
}
