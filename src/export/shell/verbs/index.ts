import type { ShellVerb } from '../step/shell-verb.ts'
import { assert } from './assert.ts'
import { authenticate } from './authenticate.ts'
import { pause } from './pause.ts'
import { pickEndpoint } from './pick-endpoint.ts'
import { request } from './request.ts'
import { revoke } from './revoke.ts'
import { sign } from './sign.ts'

/** How each verb is written in shell, by its name: a new one is a file and a line here. */
export const shellVerbs: Readonly<Record<string, ShellVerb>> = {
  authenticate,
  'pick-endpoint': pickEndpoint,
  request,
  assert,
  sign,
  revoke,
  pause,
}
