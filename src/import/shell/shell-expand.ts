import type { HereDoc, HereString, ParameterExpansionPart, ParsedScript, Word, WordPart } from 'unbash'
import { withoutEnd } from '../../util/text/text-end.ts'
import type { SourceText } from '../conversation.ts'
import { importError, placeIn } from '../place.ts'
import { reference } from '../reference.ts'

/** What expanding words needs: the values that are known, and what a `$(…)` prints. */
export type Expansion = {
  readonly source: SourceText
  /** Values of variables; a variable that is not here becomes a reference. */
  readonly variables: Map<string, string>
  /** What a `$(…)` prints; undefined when only a shell can know. */
  substitute(script: ParsedScript, offset: number): string | undefined
}

/**
 * The text of a word after a shell's expansions.
 *
 * @throws OsrunError IMPORT_INVALID for what only a shell can work out
 */
export function expandWord(word: Word, expansion: Expansion): string {
  return word.parts === undefined ? word.value : expandParts(word.parts, expansion)
}

/** The words that an argument becomes: more than one where an unquoted variable holds several. */
export function expandArgument(word: Word, expansion: Expansion): readonly string[] {
  const text = expandWord(word, expansion)
  const [only, second] = word.parts ?? []
  const isOpen = only?.type === 'SimpleExpansion' || only?.type === 'ParameterExpansion'
  return isOpen && second === undefined ? text.split(/[ \t\n]+/).filter((one) => one !== '') : [text]
}

/** The text that `<<` or `<<<` gives. */
export function hereText(here: HereDoc | HereString, expansion: Expansion): string {
  if (here.type === 'HereString') return here.target ? `${expandWord(here.target, expansion)}\n` : ''
  if (here.closing === undefined)
    throw importError(
      placeIn(expansion.source, here.pos, here.end - here.pos),
      `This here-document never ends: a line "${here.delimiter?.value ?? ''}" is missing.`,
    )
  const text = here.body.parts === undefined ? here.body.text : expandParts(here.body.parts, expansion)
  return here.operator === '<<-' ? text.replace(/^\t+/gm, '') : text
}

function expandParts(parts: readonly WordPart[], expansion: Expansion): string {
  return parts.map((part) => expandPart(part, expansion)).join('')
}

function expandPart(part: WordPart, expansion: Expansion): string {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
      return part.value
    case 'AnsiCQuoted':
      // Bytes that are no text became this sign, which the source itself does not have.
      if (part.value.includes('\ufffd') && !part.text.includes('\ufffd'))
        throw importError(
          placeIn(expansion.source, part.pos, part.end - part.pos),
          'These bytes are no UTF-8, and a recipe holds text only.',
          'Put a binary body into a file of its own: --data-binary @FILE.',
        )
      return part.value
    case 'Glob':
    case 'ExtendedGlob':
      return part.text
    case 'DoubleQuoted':
    case 'LocaleString':
      return expandParts(part.parts, expansion)
    case 'SimpleExpansion':
      return variable(part.text.slice(1), expansion)
    case 'ParameterExpansion':
      return parameter(part, expansion)
    case 'CommandExpansion': {
      const printed = part.script === undefined ? undefined : expansion.substitute(part.script, part.pos)
      if (printed !== undefined) return withoutEnd(printed, '\n')
      break
    }
    default:
  }
  throw importError(
    placeIn(expansion.source, part.pos, part.end - part.pos),
    'Only a shell can work this out.',
    'Put its value there, or a variable, which becomes an input.',
  )
}

function variable(name: string, { variables }: Expansion): string {
  return variables.get(name) ?? reference(name)
}

function parameter(part: ParameterExpansionPart, expansion: Expansion): string {
  const { parameter: name, operation, prefix, index } = part
  if (prefix === undefined && index === undefined) {
    const value = variable(name, expansion)
    if (operation === undefined) return value
    // A default or a message says what happens without the variable; a recipe says that by its input.
    if (operation.type === 'Default' && !operation.operator.endsWith('+')) return value
    // ${OS_AUTH_URL%/}: a slash too many or too few is put right anyway.
    if (operation.type === 'Remove' && operation.operator.startsWith('%') && operation.operand.value === '/')
      return value.replace(/\/$/, '')
  }
  throw importError(
    placeIn(expansion.source, part.pos, part.end - part.pos),
    `Only a shell can work out this form of \${${name}}.`,
    'Put its value there, or a plain variable, which becomes an input.',
  )
}
