/** The members of a value of a HAR file; none where it is no mapping. */
export function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** The text that a value of a HAR file is, without the characters that stand for references; empty where it is none. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value.replace(/[\ufdd0\ufdd1]/g, '\ufffd') : ''
}
