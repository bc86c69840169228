/** What is wrong with the form of an answer, and whether curl takes it all the same. */
export type AnswerFault = { readonly words: string; readonly curlTakes: boolean }

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
  { said: /can't be present/, words: 'a Content-Length beside a Transfer-Encoding' },
  { said: /whitespace after header value/, words: 'a header that goes on in the next line' },
  { said: /header value char/, words: 'a control character in a header', taken: /^[^\0]/ },
  { said: /Missing expected LF after header/, words: 'a lone carriage return in a header' },
  {
    said: /Missing expected CR|Missing expected LF/,
    words: 'a line that ends without its carriage return or line feed',
  },
  {
    said: /header token/,
    words: 'a header whose name has a character that no name may have',
    taken: /^[^\r\n]*:/,
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

/** What is wrong with a head that its length does not explain; undefined where nothing is. */
function headFault(answer: string): AnswerFault | undefined {
  if (!/^HTTP\//i.test(answer)) return undefined
  const [head = ''] = answer.split(/\r?\n\r?\n/, 1)
  const lines = head.split('\n').slice(1)
  const valuesOf = (name: string): readonly string[] =>
    lines
      .filter((line) => line.toLowerCase().startsWith(`${name}:`))
      .flatMap((line) => line.slice(name.length + 1).split(','))
      .map((value) => value.trim())
  const lengths = valuesOf('content-length')
  const told = (words: string, curlTakes = true): AnswerFault => ({ words, curlTakes })
  if (head.includes('\0')) return told('a control character in a header', false)
  if (lines.some((line) => !/^[ \t]/.test(line) && !line.includes(':')))
    return told('a line in its head that is no header', false)
  if (valuesOf('transfer-encoding').length > 0) return told('a Content-Length beside a Transfer-Encoding')
  if (lengths.length > 1)
    return told(
      new Set(lengths).size === 1
        ? `the same Content-Length ${lengths.length} times`
        : `two lengths that differ, Content-Length: ${lengths.join(' and ')}`,
    )
  if (lines.some((line) => /^[ \t]/.test(line))) return told('a header that goes on in the next line')
  const [length = ''] = lengths
  if (/^\d+$/.test(length) && !Number.isSafeInteger(Number(length)))
    return told('a Content-Length that no body can have')
  return undefined
}
