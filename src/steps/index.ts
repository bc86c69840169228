import type { Verb } from '../model/step.ts'
import { assert } from './assert.ts'
import { authenticate } from './authenticate.ts'
import { include } from './include.ts'
import { pause } from './pause.ts'
import { pickEndpoint } from './pick-endpoint.ts'
import { request } from './request.ts'
import { revoke } from './revoke.ts'
import { run } from './run.ts'
import { sign } from './sign.ts'

/** The verbs of the recipe language, in the order of the reference: a new one is a file and a line here. */
export const verbs: readonly Verb[] = [
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
