/** Both ends are part of it. */
export type Range = { readonly first: number; readonly last: number }

const most = 50

/** The parts of an object that a Range header asks for: undefined for the whole, none for 416. A header that makes no sense asks for the whole. */
export function parseRanges(header: string | undefined, size: number): readonly Range[] | undefined {
  const specs = /^\s*bytes\s*=(.*)$/i
    .exec(header ?? '')?.[1]
    ?.split(',')
    .map((spec) => spec.trim())
  if (specs === undefined) return undefined
  const parsed = specs.map((spec) => parseOne(spec, size))
  if (parsed.includes('malformed')) return undefined
  const ranges = parsed.filter((one) => typeof one === 'object')
  return ranges.length > most ? [] : ranges
}

function parseOne(spec: string, size: number): Range | 'malformed' | 'unsatisfiable' {
  const match = /^(\d*)\s*-\s*(\d*)$/.exec(spec)
  const [, from = '', to = ''] = match ?? []
  if (match === null || (from === '' && to === '')) return 'malformed'
  if (from === '')
    return Number(to) === 0 || size === 0
      ? 'unsatisfiable'
      : { first: Math.max(0, size - Number(to)), last: size - 1 }
  if (to !== '' && Number(to) < Number(from)) return 'malformed'
  if (Number(from) >= size) return 'unsatisfiable'
  return { first: Number(from), last: to === '' ? size - 1 : Math.min(Number(to), size - 1) }
}
