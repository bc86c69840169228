import type { FacedVerb } from '../export/verb-faces.ts'
import { assert } from './assert/verb.ts'
import { authenticate } from './authenticate/verb.ts'
import { include } from './include/verb.ts'
import { pause } from './pause/verb.ts'
import { pickEndpoint } from './pick-endpoint/verb.ts'
import { request } from './request/verb.ts'
import { revoke } from './revoke/verb.ts'
import { run } from './run/verb.ts'
import { sign } from './sign/verb.ts'

/** The verbs of the recipe language, in the order of the reference: a new one is a folder and a line here. */
export const verbs: readonly FacedVerb[] = [
  authenticate,
  pickEndpoint,
  request,
  assert,
  sign,
  revoke,
  include,
  pause,
  run,
]
