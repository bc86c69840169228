/**
 * Runs recipes against OpenStack APIs, and connects programs to a cloud. Nothing here prints, or touches
 * the process: environment, clock and transport come in as arguments.
 *
 * @module
 */

import type { Recipe } from './model/recipe.ts'
import type { LoadOptions } from './recipe/load.ts'
import { loadRecipe as load } from './recipe/load.ts'
import { verbs } from './steps/index.ts'

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

export type { CurlName, CurlOptions } from './http/curl-line/curl.ts'
export { toCurl } from './http/curl-line/curl.ts'
export type { Cloud, Credentials, IdentityMethod, IdOrName, InDomain, Origin, Scope } from './model/cloud.ts'
export type { ErrorCode } from './model/error-codes.ts'
export { errorCodes } from './model/error-codes.ts'
export type {
  ExchangeRecord,
  Mismatch,
  Phase,
  RecipeNotBegun,
  RunEvent,
  RunResult,
  SafeEvent,
  ShownBody,
  StepResult,
  SuiteResult,
} from './model/event.ts'
export type {
  BodyFacts,
  FormPart,
  HeaderList,
  HttpRequest,
  HttpResponse,
  RequestBody,
  SendOptions,
  TlsOptions,
  Transport,
} from './model/exchange.ts'
export type { Position, Problem, ProblemSource, SourcedProblem } from './model/problem.ts'
export { OsrunError } from './model/problem.ts'
export type {
  Capture,
  DataPath,
  Json,
  Recipe,
  RecipeInput,
  RecipeMatrix,
  RecipeOutput,
  RecipeStep,
} from './model/recipe.ts'
export type {
  IssuedToken,
  JsonSchema,
  ScriptEnd,
  SendDetails,
  StepContext,
  TokenRequest,
  Verb,
  VerbDefaults,
} from './model/step.ts'
export type { Catalog, CatalogEndpoint, CatalogService, Endpoint, Token } from './model/token.ts'
export type { CloudSources } from './openstack/config/resolve-cloud.ts'
export { resolveCloud } from './openstack/config/resolve-cloud.ts'
export type { FileSources, ProcessFacts } from './openstack/config/surroundings.ts'
export { surroundings } from './openstack/config/surroundings.ts'
export type { GivenInputs } from './recipe/choose/resolve-inputs.ts'
export { variantsOf } from './recipe/choose/variants.ts'
export type { LoadOptions } from './recipe/load.ts'
export type { ConnectOptions, Session, SessionRequest } from './run/connect.ts'
export { connect } from './run/connect.ts'
export type { LedgerPlace } from './run/ledger/journal.ts'
export type { Run, RunOptions } from './run/recipe/run-recipe.ts'
export { runRecipe } from './run/recipe/run-recipe.ts'
export { parseRecording } from './run/recording/parse-recording.ts'
export type { Recorder } from './run/recording/recorder.ts'
export { createRecorder } from './run/recording/recorder.ts'
export type { RecordedExchange, RecordedRun, Recording } from './run/recording/recording.ts'
export type { Replay, RunReplay } from './run/recording/replay.ts'
export { openReplay } from './run/recording/replay.ts'
export type { CurlTransportOptions, TransportOptions } from './run/send/transports.ts'
export { createCurlTransport, createTransport } from './run/send/transports.ts'
export type { Suite, SuiteEntry, SuiteOptions } from './run/suite/run-suite.ts'
export { runSuite } from './run/suite/run-suite.ts'
export type { RecordedRequest } from './sandbox/call.ts'
export type { Sandbox, SandboxOptions } from './sandbox/sandbox.ts'
export { startSandbox } from './sandbox/sandbox.ts'
export { verbs } from './steps/index.ts'
