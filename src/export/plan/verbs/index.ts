import type { PlanVerb } from '../plan-verb.ts'
import { assert } from './assert.ts'
import { authenticate } from './authenticate.ts'
import { include } from './include.ts'
import { pause } from './pause.ts'
import { pickEndpoint } from './pick-endpoint.ts'
import { request } from './request.ts'
import { revoke } from './revoke.ts'
import { run } from './run.ts'
import { sign } from './sign.ts'

/** How each verb is planned, by its name: a new one is a file and a line here. */
export const planVerbs: Readonly<Record<string, PlanVerb>> = {
  authenticate,
  'pick-endpoint': pickEndpoint,
  request,
  assert,
  sign,
  revoke,
  include,
  pause,
  run,
}
