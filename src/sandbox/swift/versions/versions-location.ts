import type { Call } from '../../call.ts'
import { headerPath } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { text } from '../answer.ts'
import type { Container, Metadata } from '../store/stored.ts'

/** How a container keeps earlier objects, and the name of the container in which it does. */
export type EarlierKept = { readonly mode: 'stack' | 'history'; readonly location: string }

const headers = { stack: 'X-Versions-Location', history: 'X-History-Location' } as const

/** How a container keeps earlier objects; undefined for one that does not. */
export function earlierKept({ metadata }: Pick<Container, 'metadata'>): EarlierKept | undefined {
  for (const mode of ['stack', 'history'] as const) {
    const value = metadata.get(headers[mode])
    if (value !== undefined) return { mode, location: (headerPath(value) ?? value).split('/')[0] ?? '' }
  }
  return undefined
}

/** Refuses to keep versions where earlier objects are kept already. */
export function refuseVersioning(
  asked: string | undefined,
  container: Container | undefined,
): Reply | undefined {
  return asked !== undefined && container !== undefined && earlierKept(container) !== undefined
    ? text(
        400,
        'Cannot enable object versioning on a container that is already using the legacy versioned writes feature.',
      )
    : undefined
}

/** Refuses what makes no sense to say of where earlier objects are kept. */
export function refuseLocation(call: Call): Reply | undefined {
  const [stack, history] = [call.header(headers.stack), call.header(headers.history)]
  if (stack && history)
    return text(400, 'Only one of x-versions-location or x-history-location may be specified', 'text/plain')
  return (stack || history || '').includes('/')
    ? text(412, 'Container name cannot contain slashes')
    : undefined
}

/** The metadata of a container with what a request says of where earlier objects are kept. */
export function withLocation(call: Call, metadata: Metadata): Metadata {
  const [stack, history] = [call.header(headers.stack), call.header(headers.history)]
  const isRemoved = ['X-Remove-Versions-Location', 'X-Remove-History-Location'].some((name) =>
    call.header(name),
  )
  if (stack === undefined && history === undefined && !isRemoved) return metadata
  const others = [...metadata].filter(([name]) => name !== headers.stack && name !== headers.history)
  if (stack) return new Map([...others, [headers.stack, stack]])
  return new Map(history ? [...others, [headers.history, history]] : others)
}
