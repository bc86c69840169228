/** Text in lines of at most `width` characters, each after `indent`; a longer word stays whole, colours take no room. */
export function wrap(text: string, width: number, indent: string): string {
  const room = Math.max(20, width - indent.length)
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const word of paragraph.split(/ +/)) {
      if (line !== '' && columns(line) + 1 + columns(word) > room) {
        lines.push(line)
        line = word
      } else line = line === '' ? word : `${line} ${word}`
    }
    lines.push(line)
  }
  return lines.map((line) => `${indent}${line}`.trimEnd()).join('\n')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it begins every colour
const colour = /\u001b\[\d+m/g

function columns(text: string): number {
  return text.replace(colour, '').length
}
