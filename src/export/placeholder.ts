import type { Position } from '../model/problem.ts'
import type { Json } from '../model/recipe.ts'
import type { TemplateRead } from '../recipe/template/template.ts'

/**
 * How a value that is known only at run time stands in a text: `value` is the whole of it and keeps its type, `filled` is the
 * whole of it and becomes text, which a list, a mapping and null do not in a script, `text` is a part of a text, `url` the unencoded start of a URL, `path` and `component` are percent-encoded parts of one.
 */
export type PlaceholderForm = 'value' | 'filled' | 'text' | 'url' | 'path' | 'component'

/** A read of the recipe that has no value yet. */
export type Placeholder = {
  readonly read: TemplateRead
  readonly form: PlaceholderForm
  readonly at: Position
}

/** A text cut at its placeholders. */
type SymbolicPiece = string | Placeholder

/** Makes placeholders, and finds them again in whatever text they have got into. */
export type Placeholders = {
  /** A text of letters and digits alone, which every encoding leaves as it is; one of form `url` is a whole URL. */
  add(placeholder: Placeholder): string
  cut(text: string): readonly SymbolicPiece[]
  /** The value of a read that is known before the run; no placeholder stands for it where it is alone. */
  known?(read: TemplateRead, form: PlaceholderForm): { readonly value: Json } | undefined
}

/** Makes an empty set of placeholders; `unlike` is text that none of them may occur in. */
export function createPlaceholders(unlike: string): Placeholders {
  const known: Placeholder[] = []
  let mark = 'osrunvalue'
  while (unlike.toLowerCase().includes(mark)) mark += 'x'
  const find = new RegExp(`(?:http://)?${mark}(\\d+)z`)
  return {
    add(placeholder) {
      known.push(placeholder)
      return `${placeholder.form === 'url' ? 'http://' : ''}${mark}${known.length - 1}z`
    },
    cut: (text) =>
      text.split(find).flatMap((part, index): readonly SymbolicPiece[] => {
        const placeholder = index % 2 === 1 ? known[Number(part)] : undefined
        return placeholder !== undefined ? [placeholder] : part === '' ? [] : [part]
      }),
  }
}
