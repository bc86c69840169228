import type { Answer, Asked } from './answer.ts'
import { swiftText } from './swift-errors.ts'
import type { Metadata } from './swift-store.ts'

/** `x-object-meta-my_key` as Swift shows it: `X-Object-Meta-My-Key`. */
function titled(name: string): string {
  return name
    .replaceAll('_', '-')
    .toLowerCase()
    .replace(/(^|-)([a-z])/g, (_all, dash: string, letter: string) => dash + letter.toUpperCase())
}

/** The metadata that a request carries: names of one kind (`Object`, `Container`, `Account`) and those listed. */
export function metadataOf(asked: Asked, kind: string, others: readonly string[] = []): Metadata {
  const found: Metadata = new Map()
  for (const [name, value] of asked.headers) {
    const shown = titled(name)
    if (shown.startsWith(`X-${kind}-Meta-`) || others.includes(shown)) found.set(shown, value)
  }
  return found
}

/** What is wrong with metadata: https://docs.openstack.org/swift/latest/api/object_api_v1_overview.html */
export function metadataProblem(metadata: Metadata, kind: string): Answer | undefined {
  const prefix = `X-${kind}-Meta-`
  const own = [...metadata].filter(([name]) => name.startsWith(prefix))
  for (const [name, value] of own) {
    const key = name.slice(prefix.length)
    if (key === '') return swiftText(400, 'Metadata name cannot be empty')
    if (key.length > 128) return swiftText(400, `Metadata name too long: ${name}`)
    if (value.length > 256) return swiftText(400, `Metadata value longer than 256: ${name}`)
  }
  if (own.length > 90) return swiftText(400, 'Too many metadata items; max 90')
  return undefined
}

/** A POST to an account or container adds; an empty value, or X-Remove-..., takes away. */
export function mergeMetadata(
  into: Metadata,
  asked: Asked,
  kind: string,
  others: readonly string[] = [],
): void {
  for (const [name, value] of metadataOf(asked, kind, others)) {
    if (value === '') into.delete(name)
    else into.set(name, value)
  }
  for (const [name] of asked.headers) {
    const shown = titled(name)
    if (shown.startsWith(`X-Remove-${kind}-`)) into.delete(shown.replace('X-Remove-', 'X-'))
  }
}
