import { cut } from '../../recipe/describe.ts'
import type { Masker } from '../../secrets/masker.ts'

/** At most 120 characters of a text, masked before it is cut, so that no half of a secret stays. */
export function shorten(text: string, { mask }: Masker): string {
  return text.length > 120 ? cut(mask(text)) : text
}
