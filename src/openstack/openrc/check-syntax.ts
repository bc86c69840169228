import type { ParsedScript, SyntaxNode, forEachChild as visitChildren } from 'unbash'
import type { OsrunError } from '../../model/problem.ts'
import type { Placed } from './shell.ts'
import { isName } from './variables.ts'

/**
 * Refuses a file that bash would not parse. The parser goes on after a mistake, and some it does not tell: of those
 * the ones that a person makes are looked for here.
 */
export function checkSyntax(
  script: ParsedScript,
  {
    text,
    forEachChild,
    refuse,
  }: {
    readonly text: string
    readonly forEachChild: typeof visitChildren
    refuse(at: Placed, what: string): OsrunError
  },
): void {
  const visit = (node: SyntaxNode, source: string, outer: Placed | undefined): void => {
    const fail = (at: Placed, what: string): OsrunError => refuse(outer ?? at, what)
    if (node.type === 'Script') {
      const own = node.source ?? source
      const inner = node.source === undefined ? outer : (outer ?? node)
      const [error] = node.errors ?? []
      if (error !== undefined)
        throw fail({ pos: error.pos, end: error.pos + 1 }, `a mistake: ${mistake(error.message)}`)
      forEachChild(node, (child) => visit(child, own, inner))
      return
    }
    if (node.type === 'Command') {
      let end = node.pos
      for (const part of [...node.prefix, node.name, ...node.suffix]) {
        if (part === undefined) continue
        if (!/^(?:[ \t]|\\\n)*$/.test(source.slice(end, part.pos)))
          throw fail(part, 'a mistake: an unexpected sign')
        end = part.end
      }
    }
    if (node.type === 'Statement' && node.background === true)
      throw fail({ pos: node.pos, end: node.end }, 'a command in the background')
    stray.lastIndex = node.end
    if (node.type === 'Statement' && stray.test(source))
      throw fail({ pos: node.end, end: node.end + 1 }, 'a mistake: a `;` without a command')
    const isText = node.type === 'Literal' || (node.type === 'Word' && node.parts === undefined)
    if (isText && brokenExpansion.test(node.text)) throw fail(node, 'a mistake: an expansion without its end')
    // Within `[[ … ]]` a line may end between conditions alone.
    const isTest = node.type === 'TestUnary' || node.type === 'TestBinary'
    if (isTest && isSplit(node, source)) throw fail(node, 'a mistake: an unexpected line break')
    if (node.type === 'For' && !isName(node.name.text)) throw fail(node.name, 'a mistake: an unexpected sign')
    forEachChild(node, (child) => visit(child, source, outer))
  }
  visit(script, text, undefined)
}

// A `${`, `$(` or `$[` that is left as text, or a `$` parted from what it belongs to.
const brokenExpansion = /(?:^|[^\\])(?:\\\\)*\$(?:[{([]|\\\n)/

// After a command that has ended already.
const stray = /(?:[ \t]|\\\n)*(?:;|\n|#[^\n]*\n)(?:\s|\\\n|#[^\n]*\n)*;(?!;)/y

function isSplit(
  node: Extract<SyntaxNode, { readonly type: 'TestUnary' | 'TestBinary' }>,
  source: string,
): boolean {
  const words = node.type === 'TestUnary' ? [node.operand] : [node.left, node.right]
  let [end, between] = [node.pos, '']
  for (const word of words) {
    between += source.slice(end, word.pos)
    end = word.end
  }
  return between.replaceAll('\\\n', '').includes('\n')
}

// The parser quotes what it stumbles over, which may be a password.
function mistake(message: string): string {
  return message.replace(/'[^']*'/g, '…').replace(/…$/, 'something')
}
