/**
 * Runs recipes against OpenStack APIs, and connects programs to a cloud. Nothing here prints, or touches
 * the process: environment, clock and transport come in as arguments.
 *
 * @module
 */

import type { Recipe } from '../model/recipe.ts'
import type { LoadOptions } from '../recipe/load.ts'
import { loadRecipe as load } from '../recipe/load.ts'
import { verbs } from '../steps/index.ts'

/**
 * Reads a recipe and checks all of it.
 *
 * @example
 * const recipe = await loadRecipe('recipes/object-metadata.yaml')
 * @throws OsrunError whose `problems` hold everything that is wrong with the file
 */
export function loadRecipe(path: string, options: Partial<LoadOptions> = {}): Promise<Recipe> {
  return load(path, { verbs, ...options })
}

export type { Cloud, Credentials, Scope } from '../model/cloud.ts'
export type { ErrorCode } from '../model/error-codes.ts'
export { errorCodes } from '../model/error-codes.ts'
export type {
  ExchangeRecord,
  RecipeNotBegun,
  RunResult,
  SafeEvent,
  StepResult,
  SuiteResult,
} from '../model/event.ts'
export type {
  HeaderList,
  HttpRequest,
  HttpResponse,
  RequestBody,
  SendOptions,
  TlsOptions,
  Transport,
} from '../model/exchange.ts'
export type { Position, Problem, SourcedProblem } from '../model/problem.ts'
export { OsrunError } from '../model/problem.ts'
export type { Json, Recipe, RecipeInput } from '../model/recipe.ts'
export type { Endpoint, Token } from '../model/token.ts'
export type { CloudSources } from '../openstack/config/resolve-cloud.ts'
export { resolveCloud } from '../openstack/config/resolve-cloud.ts'
export { surroundings } from '../openstack/config/surroundings.ts'
export { variantsOf } from '../recipe/choose/variants.ts'
export type { LoadOptions } from '../recipe/load.ts'
export type { ConnectOptions, Session, SessionRequest } from '../run/connect.ts'
export { connect } from '../run/connect.ts'
export type { RunOptions } from '../run/recipe/run-options.ts'
export type { Run } from '../run/recipe/run-recipe.ts'
export { runRecipe } from '../run/recipe/run-recipe.ts'
export type { TransportOptions } from '../run/send/transports.ts'
export { createTransport } from '../run/send/transports.ts'
export type { Suite } from '../run/suite/run-suite.ts'
export { runSuite } from '../run/suite/run-suite.ts'
export type { SuiteEntry, SuiteOptions } from '../run/suite/suite-options.ts'
