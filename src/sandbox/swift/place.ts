import { decodePercent } from '../call.ts'
import type { Reply } from '../reply.ts'
import { page, text } from './answer.ts'

/** Whose account, and in it what, a request is for. */
export type Place = { readonly account: string; readonly container: string; readonly object: string }

/** Where a path leads; the order of what is checked is that of Swift's proxy: the bytes, the shape, then the version. */
export function placeOf(path: string): Place | Reply {
  const decoded = decodePercent(path)
  if (decoded === undefined || decoded.includes('\0')) return text(412, 'Invalid UTF8 or contains NULL')
  const [before, version = '', account = '', container = '', ...rest] = decoded.split('/')
  if (before !== '' || version === '') return page(404)
  const object = rest.join('/')
  if (account !== '' && version !== 'v1' && version !== 'v1.0') return page(400)
  if (account === '' || (container === '' && object !== '')) return text(412, 'Bad URL')
  return { account, container, object }
}

/** The methods of an account, or of what is in it. */
export function methodsOf({ container }: Place): readonly string[] {
  return container === ''
    ? ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE']
    : ['PUT', 'POST', 'DELETE', 'GET', 'HEAD', 'OPTIONS']
}
