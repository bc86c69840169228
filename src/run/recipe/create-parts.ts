import type { Transport } from '../../model/exchange.ts'
import type { Json, Recipe } from '../../model/recipe.ts'
import { referencedSteps } from '../../recipe/read/reads.ts'
import { verbs as builtIn } from '../../steps/index.ts'
import { createRunLedger } from '../ledger/run-ledger.ts'
import { learnCloud, learnProxies } from '../masking/cloud-secrets.ts'
import { environmentOf } from '../masking/recipe-secrets.ts'
import { randomOf } from '../recording/random.ts'
import { buildRoad } from '../send/road.ts'
import { createSecretHomes } from '../send/secret-homes.ts'
import { filePermission } from '../step/file-permission.ts'
import type { RunParts } from '../step/run-parts.ts'
import { ownsTokens } from '../tokens/owns-tokens.ts'
import { createTokenKeeper } from '../tokens/token-keeper.ts'
import { wait } from '../wait.ts'
import type { RunOptions, RunTools } from './run-options.ts'
import { createValues } from './values.ts'

/** What the parts of a run are made with, besides its options. */
type PartsTools = RunTools & {
  readonly transport: Transport
  /** The inputs that the caller gave, and all of them. */
  readonly given: Readonly<Record<string, Json>>
  readonly inputs: Readonly<Record<string, Json>>
  readonly started: number
  /** Hears the masked curl line of each request. */
  onCurl(curl: string): void
}

/** Makes what all steps of a run share. */
export function createParts(
  recipe: Recipe,
  options: RunOptions,
  { masker, runId, emit, transport, given, inputs, started, onCurl }: PartsTools,
): RunParts & { readonly referenced: Set<string> } {
  const now = options.now ?? Date.now
  const keeper = createTokenKeeper(options.cloud, now)
  const urlNames = options.cloud === undefined ? [] : learnCloud(options.cloud, masker)
  learnProxies({ ...options.environment, ...options.cloud?.proxies }, masker)
  const { mask } = masker
  const ledger =
    options.ledger && createRunLedger({ place: options.ledger, runId, recipe, keeper, mask, now, emit })
  const count = { requests: 0 }
  const shellAnswers = new Set<string>()
  const kept = new Set(referencedSteps(recipe.reads))
  // Whoever stops at a step may ask for the answers of all of them.
  if (options.gate !== undefined) for (const { id } of recipe.steps) kept.add(id)
  const homes = createSecretHomes({
    cloud: options.cloud,
    environment: options.environment ?? {},
    read: environmentOf(recipe, options.environment ?? {}),
    keeper,
    allowed: options.allowOrigins ?? [],
  })
  return {
    homes,
    cloud: options.cloud,
    directory: recipe.directory,
    files: filePermission(recipe, {
      allowed: options.allowFiles ?? [],
      given: options.strangeInputs === true ? {} : given,
      inputs,
    }),
    values: createValues({ inputs, environment: options.environment ?? {}, runId, steps: {} }),
    keeper,
    verbs: options.verbs ?? builtIn,
    shared: ownsTokens(recipe) || options.keepTokens === true ? undefined : options.shared,
    logins: options.shared && { of: options.shared.logins, run: runId },
    masker,
    urlNames,
    kept: shellAnswers,
    read: new Set(recipe.reads.map(({ path: [name] }) => String(name))),
    count,
    asked: new Map(),
    ledger,
    readOnly: options.readOnly === true,
    allowRun: options.allowRun === true,
    referenced: kept,
    emit,
    now,
    deadline: started + (options.deadline ?? Number.POSITIVE_INFINITY),
    random: options.random ?? (options.record === undefined ? Math.random : randomOf(runId)),
    wait: options.wait ?? wait,
    ask: options.ask,
    send: buildRoad({
      userAgent: options.userAgent,
      keeper,
      homes,
      teller: {
        masker,
        cloud: options.cloud,
        reveal: options.reveal === true,
        explainCurl: options.explainCurl === true,
        urlNames,
        kept: shellAnswers,
        emit(event) {
          const safe = emit(event)
          if (safe.type === 'exchange') onCurl(safe.curl)
        },
        now,
      },
      transport,
      readOnly: options.readOnly === true,
      ledger,
      count,
      recording: options.record?.link(runId, now),
    }),
  }
}
