import type { Position } from '../../../model/problem.ts'
import type { TemplateRead } from '../../../recipe/template/template.ts'
import { cannotExport } from '../../cannot-export.ts'
import type { Placeholder } from '../../placeholder.ts'
import type { Values } from './sources.ts'
import { checkIsSet, fieldCall, hoisted, sourceOf } from './sources.ts'
import type { WordPart } from './words.ts'
import { quoteText, shellWord } from './words.ts'

/** The part of a word that stands for a read. */
export function partOf(
  { read, form, at }: Placeholder,
  encoding: 'text' | 'query' | 'form',
  values: Values,
): WordPart {
  const text = textOf(read, at, values, form === 'filled')
  const encoder =
    form === 'path'
      ? 'path'
      : form === 'component'
        ? 'component'
        : form === 'url' || encoding === 'text'
          ? undefined
          : encoding
  if (encoder === undefined) return { code: text }
  values.need(encoder)
  return { code: `$(${encoder} "${text}")` }
}

/** Code that gives the text of a read within double quotes. */
export function textOf(read: TemplateRead, at: Position, values: Values, mustBeScalar = false): string {
  const source = sourceOf(read.path, at, values)
  if (!read.fallback && read.message === undefined) checkIsSet(read.name, source, values)
  const { must } = values
  let variable = source.variable
  if (source.json !== undefined) {
    if (read.fallback || read.message !== undefined)
      values.lines.push(`[ "$${source.json}" != null ] || ${source.variable}=''`)
    else {
      const check = mustBeScalar ? 'scalar' : 'filled'
      values.need(check)
      must(`${check} ${quoteText(`\${${read.name}}`)} "$${source.json}"`)
    }
  }
  if (source.field !== undefined) {
    const helper = read.fallback || read.message !== undefined ? 'optional_field' : 'field'
    variable = hoisted(read.path)
    must(`${variable}=$(${fieldCall(helper, read.name, source.field, values)})`)
  }
  if (variable === undefined) throw cannotExport(`\${${read.name}} as text`, at)
  values.parts.read.add(variable)
  if (read.path[0] === 'env' && !read.fallback && read.message === undefined)
    must(`[ "\${${variable}+set}" ] || fail 3 ${quoteText(`\${${read.name}} has no value.`)}`)
  if (read.message !== undefined) {
    must(`[ -n "\${${variable}-}" ] || fail 3 ${quoteText(`${read.name}: ${read.message}`)}`)
    return `\${${variable}-}`
  }
  if (!read.fallback) return `$${variable}`
  const fallback = read.fallback.parts.map(
    (part): WordPart => (part.kind === 'text' ? part.text : { code: textOf(part, at, values) }),
  )
  values.lines.push(`_or=${shellWord(fallback)}`)
  const result = `${hoisted(read.path)}_or`
  values.lines.push(`${result}=\${${variable}:-"$_or"}`)
  return `$${result}`
}
