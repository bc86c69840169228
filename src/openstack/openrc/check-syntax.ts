import type { ParsedScript, SyntaxNode, forEachChild as visitChildren } from 'unbash'
import type { OsrunError } from '../../model/problem.ts'
import type { Placed } from './variables.ts'
import { isName } from './variables.ts'

/** What a syntax tree is checked with: its text, what visits the children of a node, and the error about a place. */
type Checking = {
  readonly text: string
  readonly forEachChild: typeof visitChildren
  refuse(at: Placed, what: string): OsrunError
}

/**
 * Refuses a file that bash would not parse, or in another way. The parser goes on after a mistake, and some it does not
 * tell: those are looked for here. The generated files of the tests have found them.
 */
export function checkSyntax(script: ParsedScript, { text, forEachChild, refuse }: Checking): void {
  const visit = (node: SyntaxNode, source: string, outer: Placed | undefined): void => {
    const [error] = (node.type === 'Script' ? node.errors : undefined) ?? []
    if (error !== undefined)
      throw refuse(outer ?? { pos: error.pos, end: error.pos + 1 }, `a mistake: ${words(error.message)}`)
    const what = fault(node, source)
    if (what !== undefined) throw refuse(outer ?? node, what)
    // Positions of what stands between backquotes are those of a text of its own.
    const own = node.type === 'Script' ? node.source : undefined
    forEachChild(node, (child) => visit(child, own ?? source, own === undefined ? outer : (outer ?? node)))
  }
  visit(script, text, undefined)
}

function fault(node: SyntaxNode, source: string): string | undefined {
  switch (node.type) {
    case 'Statement':
      if (node.background === true) return 'a command in the background'
      return follows(node, stray, source) ? 'a mistake: a `;` without a command' : undefined
    case 'Command': {
      const parts = [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix]
      const isBroken = gaps(node, parts, source).some((gap, index) => {
        const isApart = gap !== '' || index === 0 || 'operator' in (parts[index] ?? {})
        return !isApart || !/^(?:[ \t]|\\\n)*$/.test(gap)
      })
      return isBroken || follows(node, bracket, source) ? 'a mistake: an unexpected sign' : undefined
    }
    case 'For':
      return isName(node.name.text) ? undefined : 'a mistake: an unexpected sign'
    case 'TestUnary':
    case 'TestBinary': {
      const operands = node.type === 'TestUnary' ? [node.operand] : [node.left, node.right]
      // A line may end between conditions alone.
      const isSplit = gaps(node, operands, source).some((gap) => gap.replaceAll('\\\n', '').includes('\n'))
      const isBroken = isSplit || operands.some(({ text }) => /^[|&;()<>]/.test(text))
      return isBroken ? 'a mistake: an unexpected sign or line break' : undefined
    }
    case 'SimpleExpansion':
      return node.text === '$$' || source.startsWith('\\\n', node.end) ? unclear : undefined
    case 'Word':
      return node.parts === undefined && brokenExpansion.test(node.text) ? unclear : undefined
    case 'Literal':
      return brokenExpansion.test(node.text) ? unclear : undefined
    default:
      return undefined
  }
}

const unclear = 'a `$` of which the end is not clear'

// A `${`, `$(` or `$[` that is left as text, or a `$` parted by a line's end from what it belongs to.
const brokenExpansion = /(?:^|[^\\])(?:\\\\)*\$(?:[{([]|\\\n)/

// A `;` after a command that has ended already.
const stray = /(?:[ \t]|\\\n)*(?:;|\n|#[^\n]*\n)(?:\s|\\\n|#[^\n]*\n)*;(?!;)/y
const bracket = /(?:[ \t]|\\\n)*\(/y

function follows({ end }: Placed, pattern: RegExp, source: string): boolean {
  pattern.lastIndex = end
  return pattern.test(source)
}

/** What stands before and between the parts of a node. */
function gaps({ pos }: Placed, parts: readonly Placed[], source: string): readonly string[] {
  return parts.map((part, index) => source.slice(parts[index - 1]?.end ?? pos, part.pos))
}

// The parser quotes what it stumbles over, which may be a password.
function words(message: string): string {
  return message.replace(/'[^']*'/g, '…').replace(/\u2026$/, 'something')
}
