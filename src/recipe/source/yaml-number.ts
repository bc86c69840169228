/** A scalar that YAML takes for a number. */
type NumberScalar = {
  readonly value: number
  readonly source?: string
  readonly type?: string
  readonly tag?: string
}

/** The number that a scalar is, or its text where that says something else; or why it is neither. */
export function numberOf({ value, source, type, tag }: NumberScalar): number | string | { message: string } {
  if (!Number.isFinite(value)) return { message: `${source} is no JSON number.` }
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    return { message: `${source} has more digits than a number can hold.` }
  if (type !== 'PLAIN' || tag !== undefined || source === undefined) return value
  return writtenNumber.test(source) || source === String(value) ? value : source
}

// YAML takes `0123`, `0e46`, `12e3`, `0x1f` and `0o17` for other numbers than their texts say: they are ids, or modes of files.
const writtenNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+(?:[eE][-+]?\d+)?)?$/
