type YamlError = { readonly code: string; readonly message: string; readonly pos: readonly [number, number] }

/** Something wrong with the YAML, from `start` to `end` of the text. */
type Fault = {
  readonly start: number
  readonly end: number
  readonly message: string
  readonly hint?: string
}

/**
 * What is wrong with the YAML, in the words of recipes; `text` is the whole file. A template without quotes between braces or
 * brackets is told once: YAML takes its brace for its own, and nothing after it for what it is.
 */
export function faultsOf(errors: readonly YamlError[], text: string): readonly Fault[] {
  const index = errors.findIndex(({ pos: [at] }) => at > 0 && text.startsWith('${', at - 1))
  const [error] = index < 0 ? [] : [errors[index]]
  const told = (index < 0 ? errors : errors.slice(0, index)).map((one) => ({
    start: one.pos[0],
    end: one.pos[1],
    ...faultOf(one, text),
  }))
  if (error === undefined) return told
  const start = error.pos[0] - 1
  const [template = '${'] = /^\$\{[^}\n]*\}?/.exec(text.slice(start, start + 200)) ?? []
  return [
    ...told,
    {
      start,
      end: start + template.length,
      message: `Between braces or brackets, a text with ${template} is to be in quotes.`,
      hint: 'Write { url: "GET ${endpoint}/servers" }, or each key on a line of its own.',
    },
  ]
}

function faultOf(error: YamlError, text: string): { readonly message: string; readonly hint?: string } {
  switch (error.code) {
    case 'DUPLICATE_KEY': {
      const [key] = /^[^\s:]+/.exec(text.slice(error.pos[0], error.pos[0] + 100)) ?? ['']
      return { message: `The key "${key}" stands twice in this mapping.` }
    }
    case 'TAB_AS_INDENT':
      return { message: 'A tab stands in the indentation.', hint: 'YAML is indented with spaces.' }
    case 'TAG_RESOLVE_FAILED':
      return { message: 'Tags that start with "!" have no meaning in a recipe.' }
    case 'MISSING_CHAR':
      if (error.message.includes('quote'))
        return {
          message: 'A quote is opened and never closed.',
          hint: 'It may have been opened some lines above.',
        }
      break
  }
  return { message: `${error.message.split('\n')[0]?.replace(/\.?$/, '.')}` }
}
