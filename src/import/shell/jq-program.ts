import { reference } from '../reference.ts'

/**
 * The JSON that `jq -n PROGRAM` prints when the program only builds a value: objects, lists, strings, numbers,
 * `env.NAME`, `$ENV.NAME`, `$name` and sums of them. Undefined for any other program. This is how osrun's own
 * curl lines, and careful scripts, make a body with secrets.
 */
export function evaluateJq(
  program: string,
  names: {
    readonly environment: (name: string) => string
    readonly arguments: Readonly<Record<string, string>>
  },
): string | undefined {
  const tokens = program.match(/"(?:[^"\\]|\\[^(])*"|[A-Za-z_][\w.]*|\$[\w.]+|-?\d[\d.eE+-]*|\S/g) ?? []
  let at = 0
  const take = (token: string): boolean => tokens[at] === token && ++at > 0
  const list = <T>(end: string, item: () => T): T[] => {
    const items: T[] = []
    if (take(end)) return items
    do items.push(item())
    while (take(','))
    if (!take(end)) throw notPlain
    return items
  }
  const sum = (): unknown => {
    let value = single()
    while (take('+')) {
      const more = single()
      if (typeof value !== 'string' || typeof more !== 'string') throw notPlain
      value += more
    }
    return value
  }
  const single = (): unknown => {
    const token = tokens[at++] ?? ''
    if (token === '{')
      return Object.fromEntries(
        list('}', () => {
          const key = tokens[at++] ?? ''
          if (!take(':') || !/^["A-Za-z_]/.test(key)) throw notPlain
          return [key.startsWith('"') ? JSON.parse(key) : key, sum()]
        }),
      )
    if (token === '[') return list(']', sum)
    if (token === '(') {
      const value = sum()
      if (!take(')')) throw notPlain
      return value
    }
    const [, variable] = /^(?:env|\$ENV)\.(\w+)$/.exec(token) ?? []
    if (variable !== undefined) return names.environment(variable)
    if (token.startsWith('$')) return names.arguments[token.slice(1)] ?? reference(token.slice(1))
    return JSON.parse(token) as unknown
  }
  try {
    const value = sum()
    return at === tokens.length ? JSON.stringify(value) : undefined
  } catch (error) {
    if (error === notPlain || error instanceof SyntaxError) return undefined
    throw error
  }
}

const notPlain = new SyntaxError('The program does more than build a value.')
