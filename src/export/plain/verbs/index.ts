import type { PlainVerb } from '../writing.ts'
import { assert } from './assert.ts'
import { authenticate } from './authenticate.ts'
import { pause } from './pause.ts'
import { pickEndpoint } from './pick-endpoint.ts'
import { request } from './request.ts'
import { revoke } from './revoke.ts'

/** How each verb is written plainly, by its name; a verb that has no line here is refused. */
export const plainVerbs: Readonly<Record<string, PlainVerb>> = {
  authenticate,
  'pick-endpoint': pickEndpoint,
  request,
  assert,
  revoke,
  pause,
}
