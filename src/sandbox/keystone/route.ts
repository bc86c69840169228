import type { Call } from '../call.ts'
import type { Reply } from '../reply.ts'
import type { Identity } from './identity/identity.ts'

/** Answers a request; the parts of the path that its pattern takes follow. */
type Handler = (call: Call, state: Identity, ...parts: string[]) => Reply | Promise<Reply>

/** A path of Keystone, and what answers each method there. */
export type Route = {
  readonly path: RegExp
  readonly methods: Readonly<Record<string, Handler>>
  readonly allow?: string
}
