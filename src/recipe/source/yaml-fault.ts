/** What is wrong with the YAML, in the words of recipes; `text` is the whole file. */
export function faultOf(
  error: { readonly code: string; readonly message: string; readonly pos: readonly [number, number] },
  text: string,
): { readonly message: string; readonly hint?: string } {
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
