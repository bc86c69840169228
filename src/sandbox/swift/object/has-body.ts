import type { Call } from '../../call.ts'

/** Whether a request brings bytes; reads them where it does not say so. */
export async function hasBody({ length, body }: Pick<Call, 'length' | 'body'>): Promise<boolean> {
  if (length !== undefined) return length > 0
  for await (const chunk of body) if (chunk.length > 0) return true
  return false
}
