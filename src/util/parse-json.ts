/**
 * The value of a text that is JSON. An integer that a number of JavaScript would round is a bigint, so that its digits stay; a
 * number beyond what it can hold, such as 1e400, is the text that stands there. Throws SyntaxError for what is no JSON.
 */
export function readJson(text: string): unknown {
  const plain: unknown = JSON.parse(text)
  const marked = longNumber.test(text) ? withMarks(text) : undefined
  return marked === undefined ? plain : JSON.parse(marked, unmarked)
}

/** The value of a text, or of the UTF-8 of one, as `readJson` has it; undefined for anything else, and for none. */
export function parseJson(text: string | Uint8Array | undefined): unknown {
  try {
    return readJson(typeof text === 'string' ? text : new TextDecoder().decode(text))
  } catch {
    return undefined
  }
}

/** A value as JSON in which bigints are integers; undefined for what JSON cannot say. */
export function writeJson(value: unknown, indent?: number): string | undefined {
  let isExact = true
  const text: string | undefined = JSON.stringify(
    value,
    (_key, child: unknown) => {
      if (typeof child !== 'bigint') return child
      isExact = false
      return `${marks().mark}${child}`
    },
    indent,
  )
  return isExact ? text : text.replace(marks().integer, '$1')
}

/** A value that JSON can say as its text, bigints as integers. */
export function jsonText(value: unknown): string {
  return writeJson(value) ?? ''
}

// What stands for such a number while JSON.parse and JSON.stringify are at work; no foreign text knows it.
type Marks = { readonly mark: string; readonly integer: RegExp }
let made: Marks | undefined

// Made when such a number comes: Node takes milliseconds to load what makes random numbers.
function marks(): Marks {
  if (made !== undefined) return made
  const mark = `${crypto.getRandomValues(new Uint32Array(4)).join('-')}:`
  made = { mark, integer: new RegExp(`"${mark}(-?\\d+)"`, 'g') }
  return made
}

// Only digits in a row, or an exponent, make a number that is not what its text says.
const longNumber = /\d{16}|\d[eE]\+?\d{3}/
const token = /"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g

/** The text with each number that would be rounded as a marked text; undefined where none would be. */
function withMarks(text: string): string | undefined {
  const { mark } = marks()
  const pieces: string[] = []
  let from = 0
  token.lastIndex = 0
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [word] = found
    if (word === '"') token.lastIndex = afterText(text, found.index)
    else if (isRounded(word)) {
      pieces.push(text.slice(from, found.index), `"${mark}${word}"`)
      from = token.lastIndex
    }
  }
  return from === 0 ? undefined : `${pieces.join('')}${text.slice(from)}`
}

function isRounded(word: string): boolean {
  const value = Number(word)
  return /[.eE]/.test(word) ? !Number.isFinite(value) : !Number.isSafeInteger(value)
}

/** Where a text ends whose opening quote stands at `start`. */
function afterText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end + 1
}

function isEscaped(text: string, at: number): boolean {
  let before = at
  while (text[before - 1] === '\\') before--
  return (at - before) % 2 === 1
}

function unmarked(_key: string, value: unknown): unknown {
  const { mark } = marks()
  if (typeof value !== 'string' || !value.startsWith(mark)) return value
  const word = value.slice(mark.length)
  return /[.eE]/.test(word) ? word : BigInt(word)
}
