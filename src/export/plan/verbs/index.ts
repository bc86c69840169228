import type { PlanVerb } from '../plan-verb.ts'
import { assert } from './assert.ts'
import { authenticate } from './authenticate.ts'
import { pickEndpoint } from './pick-endpoint.ts'
import { request } from './request.ts'
import { revoke } from './revoke.ts'

/** How each verb is planned, by its name: a new one is a file and a line here. */
export const planVerbs: Readonly<Record<string, PlanVerb>> = {
  authenticate,
  'pick-endpoint': pickEndpoint,
  request,
  assert,
  revoke,
}
