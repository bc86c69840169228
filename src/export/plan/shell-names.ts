import type { CurlName } from '../../http/curl-line/curl-splice.ts'
import type { DataPath, Json } from '../../model/recipe.ts'
import { percentEncode, renderTemplate } from '../../recipe/template/render-template.ts'
import type { TemplateRead } from '../../recipe/template/template.ts'
import { readsOf } from '../../recipe/template/template.ts'
import { valueAt } from '../../util/data-path.ts'
import { variableOfPath } from '../../util/environment-name.ts'
import { jsonText } from '../../util/parse-json.ts'
import type { Placeholder, PlaceholderForm, Placeholders } from '../placeholder.ts'
import { createPlaceholders } from '../placeholder.ts'

/** Placeholders that are shell variables in curl lines, but for what is known already. */
export type ShellNames = Placeholders & {
  /** All variables so far, as `toCurl` takes them. */
  names(): readonly CurlName[]
  /** Says what the variables are whose names alone do not, a sentence each; each once. */
  takeRemarks(): readonly string[]
  /** Makes a value known from now on, at a path of the context. */
  know(path: DataPath, value: Json): void
  /** Knows these values and no others, as an included recipe does, until what it returns is called. */
  enter(inputs: Readonly<Record<string, Json>>): () => void
}

/** Starts with the values of inputs; `unlike` is text that no placeholder may occur in. */
export function createShellNames(unlike: string, inputs: Readonly<Record<string, Json>>): ShellNames {
  const placeholders = createPlaceholders(unlike)
  const names: CurlName[] = []
  const remarks = new Set<string>()
  let told = 0
  let known = valuesOf(inputs)
  const find = (path: DataPath): { readonly value: unknown } | undefined => {
    const base = known.findLast((one) => one.path.every((key, index) => key === path[index]))
    return base && { value: valueAt(base.value, path.slice(base.path.length)) }
  }
  const readKnown = (read: TemplateRead, form: PlaceholderForm): { readonly value: Json } | undefined => {
    const template = { parts: [read] }
    for (const { path } of readsOf(template)) if (find(path) === undefined) return undefined
    const mode = form === 'value' || form === 'filled' ? form : 'text'
    return { value: renderTemplate(template, (path) => find(path)?.value, mode) as Json }
  }
  return {
    cut: placeholders.cut,
    known: readKnown,
    know: (path, value) => void known.push({ path, value }),
    enter(own) {
      const outer = known
      known = valuesOf(own)
      return () => {
        known = outer
      }
    },
    names: () => names,
    add(placeholder) {
      const found = readKnown(placeholder.read, placeholder.form)
      if (found !== undefined) return encoded(found.value, placeholder)
      const value = placeholders.add(placeholder)
      const variable = variableOfPath(placeholder.read.path)
      names.push({ value, variable, secret: true })
      const remark = remarkOf(placeholder.read, variable)
      if (remark !== undefined) remarks.add(remark)
      return value
    },
    takeRemarks() {
      const fresh = [...remarks].slice(told)
      told = remarks.size
      return fresh
    },
  }
}

function valuesOf(inputs: Readonly<Record<string, Json>>): { path: DataPath; value: Json }[] {
  return Object.entries(inputs).map(([name, value]) => ({ path: [name], value }))
}

// As a run renders values into texts and URLs.
function encoded(value: Json, { form }: Placeholder): string {
  const text = typeof value === 'object' ? jsonText(value) : String(value)
  return form === 'path' || form === 'component' ? percentEncode(text, form === 'path') : text
}

function remarkOf({ path, name, fallback }: TemplateRead, variable: string): string | undefined {
  const [first] = path
  const isPlain = path.length === 1 || first === 'env'
  if (isPlain && fallback === undefined) return undefined
  const otherwise = fallback === undefined ? '' : ', or what stands after its :- where that is empty'
  return `$${variable} stands for \${${name}}${otherwise}.`
}
