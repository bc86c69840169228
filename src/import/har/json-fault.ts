/**
 * The offset of the first token that JSON does not have there; the text's length where only its end is missing.
 * JSON.parse tells it of most faults, but not of an unexpected token.
 * https://www.rfc-editor.org/rfc/rfc8259
 */
export function jsonFault(text: string): number {
  const open: string[] = []
  let wanted: 'value' | 'key' | 'colon' | 'next' = 'value'
  let mayClose = false
  for (let offset = nextSign(text, 0); offset < text.length; offset = nextSign(text, token.lastIndex)) {
    token.lastIndex = offset
    const [word] = token.exec(text) ?? []
    if (word === undefined) return offset
    if (word === '}' || word === ']') {
      if (!mayClose || open.pop() !== (word === '}' ? '{' : '[')) return offset
      wanted = 'next'
      continue
    }
    mayClose = false
    if (wanted === 'value') {
      if (word === ',' || word === ':') return offset
      if (word === '{' || word === '[') open.push(word)
      wanted = word === '{' ? 'key' : word === '[' ? 'value' : 'next'
      mayClose = true
    } else if (wanted === 'key') {
      if (!word.startsWith('"')) return offset
      wanted = 'colon'
    } else if (wanted === 'colon') {
      if (word !== ':') return offset
      wanted = 'value'
    } else {
      if (word !== ',' || open.length === 0) return offset
      wanted = open.at(-1) === '{' ? 'key' : 'value'
    }
  }
  return text.length
}

const token =
  /[{}[\],:]|"[^"\\\n]*(?:\\["\\/bfnrtu][^"\\\n]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

function nextSign(text: string, from: number): number {
  let offset = from
  while (/[ \t\r\n]/.test(text[offset] ?? '')) offset++
  return offset
}
