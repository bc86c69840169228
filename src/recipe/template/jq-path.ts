import { type JsonPathExpression, type JsonPathSegment, parseJsonPath } from './json-path.ts'

/**
 * Says a JSONPath query as somebody would write it in jq, such as `.token.user.id`; undefined for one that is not as simple.
 * Throws `EXPECTATION_INVALID`.
 */
export function simpleJqPath(
  query: string,
): { readonly singular: boolean; readonly filter: string } | undefined {
  const { singular, segments } = parseJsonPath(query)
  const steps = segments.map(stepOf)
  if (segments.length === 0) return { singular, filter: '.' }
  if (steps.includes(undefined)) return undefined
  const joined = steps.join('').replace(/^\[/, '.[').replace(/ \| $/, '')
  return { singular, filter: joined.replaceAll(/\] \| (?=\[)/g, '] | .') }
}

function stepOf({ selectors, descendant }: JsonPathSegment): string | undefined {
  const [only] = selectors
  if (descendant || selectors.length !== 1 || only === undefined) return undefined
  switch (only.kind) {
    case 'name':
      return jqMember(only.name)
    case 'index':
      return `[${only.index}]`
    case 'wildcard':
      return '[]'
    case 'filter': {
      const condition = conditionOf(only.expression)
      return condition === undefined ? undefined : `[] | select(${condition}) | `
    }
    default:
      return undefined
  }
}

/** The jq filter of a member: `.name`, or in brackets where it is no word. */
export function jqMember(key: string): string {
  return /^[a-z_]\w*$/i.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

// `@.type == 'compute'` alone.
function conditionOf(expression: JsonPathExpression): string | undefined {
  if (expression.kind !== 'infix' || expression.operator !== '==') return undefined
  const { left, right } = expression
  if (left.kind !== 'query' || left.fromRoot || right.kind !== 'literal') return undefined
  const steps = left.segments.map(stepOf)
  if (steps.length === 0 || !steps.every((step) => step?.startsWith('.'))) return undefined
  return `${steps.join('')} == ${JSON.stringify(right.value)}`
}
