import type { RecipeStep } from '../../../model/recipe.ts'
import { jsonText } from '../../../util/parse-json.ts'
import type { HelperName } from '../helpers/helpers.ts'
import { jqOf, optionalOf } from '../values/read-json.ts'
import { partOf } from '../values/read-text.ts'
import type { WordPart } from '../values/words.ts'
import { shellWord } from '../values/words.ts'
import type { ScriptParts, StepWriting } from '../writing.ts'

// In a trap bash takes a bare `return` for the status from before the trap.
const onFailure = 'return "$?"'

/** Starts the statements of a step; they go to `lines`. */
export function writeStep(
  step: RecipeStep,
  parts: ScriptParts,
  stop: 'exit' | 'return',
  lines: string[],
): StepWriting {
  const environment = new Set<string>()
  const need = (...helpers: HelperName[]): void => {
    for (const helper of helpers) parts.helpers.add(helper)
  }
  const must = (statement: string): void =>
    void lines.push(`${statement} || ${stop === 'exit' ? 'exit' : onFailure}`)
  const values = { step, parts, need, must, lines, environment, checked: new Set<string>() }
  const word: StepWriting['word'] = (text, encoding = 'text') =>
    shellWord(
      parts.placeholders.cut(text).map((piece, index, pieces) => {
        if (typeof piece === 'string') return piece
        const part = partOf(piece, encoding, values)
        return index === 0 && piece.form === 'url'
          ? startOfUrl(part, piece, pieces[1], parts)
          : index === 1 && piece.form === 'path' && isFile(pieces[0], parts)
            ? afterEndpoint(part)
            : part
      }),
    )
  return {
    step,
    parts,
    stop,
    need,
    must,
    word,
    line: (text) => void lines.push(text),
    jq: (value) => jqOf(value, values),
    environment() {
      const prefix = [...environment].map((name) => `${name}="$${name}" `).join('')
      environment.clear()
      return prefix
    },
    isSymbolic: (value) => parts.placeholders.cut(jsonText(value)).some((piece) => typeof piece !== 'string'),
    optional: (path, at) => optionalOf(path, at, values),
  }
}

type Piece = ReturnType<ScriptParts['placeholders']['cut']>[number]

// Its own slash and that of the text behind it are one; pick_endpoint leaves none at the end of an endpoint.
function startOfUrl(part: WordPart, piece: Piece, next: Piece | undefined, parts: ScriptParts): WordPart {
  const isSeam = typeof next === 'string' && next.startsWith('/') && !isFile(piece, parts)
  const name = isSeam && typeof part === 'object' ? /^\$([A-Za-z_]\w*)$/.exec(part.code)?.[1] : undefined
  return name === undefined ? part : { code: `\${${name}%/}` }
}

function afterEndpoint(part: WordPart): WordPart {
  if (typeof part === 'string') return part
  return { code: `/${part.code.replace(/"\$([A-Za-z_]\w*)"/, '"${$1#/}"')}` }
}

function isFile(piece: Piece | undefined, { kinds }: ScriptParts): boolean {
  return typeof piece === 'object' && kinds.get(piece.read.name) === 'file'
}
