/** The lines of comment right above an offset, without their signs; undefined when there are none. */
export function commentAbove(text: string, offset: number): string | undefined {
  const lines = text.slice(0, text.lastIndexOf('\n', offset - 1) + 1).split('\n')
  lines.pop()
  const found: string[] = []
  for (let line = lines.pop(); line !== undefined; line = lines.pop()) {
    if (!/^\s*#/.test(line) || line.startsWith('#!')) break
    const plain = line.replace(/^\s*#+\s?/, '').trimEnd()
    if (!/^[-=~*#\s]*$/.test(plain)) found.unshift(plain)
  }
  return found.length === 0 ? undefined : found.join('\n')
}
