import { headerLines } from '../../export/plain/answers.ts'
import { orElse, textLines } from '../../export/plain/expectations.ts'
import { jqCondition } from '../../export/plain/json-expectations.ts'
import { plainQuery } from '../../export/plain/json-query.ts'
import { notPlain } from '../../export/plain/not-plain.ts'
import type { PlainVerb, PlainWriting } from '../../export/plain/writing.ts'
import { expectationWords } from '../../export/plan/expectation-words.ts'
import { quoteText } from '../../export/shell/values/words.ts'
import type { Json } from '../../model/recipe.ts'
import { variableOf } from '../../util/environment-name.ts'

/** What is compared of the last answer: its status, its headers, its JSON; and names that are texts. */
export const plain: PlainVerb = (writing) => {
  const { step, line } = writing
  for (const [key, expected] of Object.entries((step.input ?? {}) as { readonly [key: string]: Json })) {
    if (key === 'status') {
      const looked = { subject: 'status', variable: 'status', at: step.locate(['status']) }
      line(...textLines(writing.render(expected, ['status']), looked, writing.word))
    } else if (key === 'headers') writeHeaders(expected as { readonly [key: string]: Json }, writing)
    else if (key === 'json') writeJson(expected as { readonly [key: string]: Json }, writing)
    else if (key === 'context') writeContext(expected as { readonly [key: string]: Json }, writing)
    else throw notPlain(`An assertion about "${key}"`, step.locate([key]))
  }
}

function writeHeaders(headers: { readonly [key: string]: Json }, writing: PlainWriting): void {
  const { step, state, line, word } = writing
  for (const [name, expected] of Object.entries(headers)) {
    const known = state.found.get(name.toLowerCase())
    if (known === undefined) line(...headerLines('found', name))
    const looked = { subject: name, variable: known ?? 'found', at: step.locate(['headers', name]) }
    line(...textLines(writing.render(expected, ['headers', name]), looked, word))
  }
}

function writeJson(queries: { readonly [key: string]: Json }, writing: PlainWriting): void {
  const { step, state, line } = writing
  for (const [query, expected] of Object.entries(queries)) {
    const at = step.locate(['json', query])
    const { singular, filter } = plainQuery(query, at)
    const environment = new Set<string>()
    const condition = jqCondition(writing.render(expected, ['json', query]), at, (value) => {
      const written = writing.expression(value)
      if (written.environment !== '') environment.add(written.environment)
      return written.text
    })
    const program = `${singular ? filter : `[${filter}]`} | ${condition}`
    const quoted = `'${program.replaceAll("'", "'\\''")}'`
    const complaint = `echo ${quoteText(`${query} is not ${expectationWords(expected)}`)} >&2`
    line(...orElse(`${[...environment].join('')}jq -e ${quoted} "$work/${state.body}" >/dev/null`, complaint))
  }
}

function writeContext(names: { readonly [key: string]: Json }, writing: PlainWriting): void {
  const { step, state, line, word } = writing
  for (const [name, expected] of Object.entries(names)) {
    const variable = variableOf(name)
    const at = step.locate(['context', name])
    if (!state.kinds.has(variable)) throw notPlain(`An assertion about "${name}"`, at)
    line(...textLines(writing.render(expected, ['context', name]), { subject: name, variable, at }, word))
  }
}
