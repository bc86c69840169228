import type { Cloud, Credentials } from '../model/cloud.ts'
import type { HttpRequest, HttpResponse } from '../model/exchange.ts'
import type { DataPath, Json, RecipeStep } from '../model/recipe.ts'
import type { SendDetails, StepContext, TokenRequest, Verb } from '../model/step.ts'
import type { TempUrlGrant } from '../model/temp-url.ts'
import type { Token } from '../model/token.ts'
import { filePathOf } from '../recipe/template/file-path.ts'
import { percentEncode } from '../recipe/template/render-template.ts'
import { parseTemplate, type TemplateRead } from '../recipe/template/template.ts'
import { parseDataPath } from '../util/data-path.ts'
import { joinEndpoint } from '../util/url-seam.ts'
import type { PlaceholderForm, Placeholders } from './placeholder.ts'

/** What a step would do, with placeholders for all that is known only at run time. */
export type SymbolicStep = {
  readonly request?: { readonly request: HttpRequest; readonly details: SendDetails }
  readonly authentication?: { readonly credentials: Credentials; readonly options: TokenRequest }
  readonly revocation?: { readonly token: string | undefined }
  readonly grant?: TempUrlGrant
}

/** What running a step symbolically needs. */
export type SymbolicParts = {
  readonly placeholders: Placeholders
  /** Its credentials may hold placeholders too. */
  readonly cloud: Cloud | undefined
  readonly directory: string
  /** The inputs of the recipe that name files. */
  readonly fileInputs: ReadonlySet<string>
}

/**
 * Runs a verb's own code against a context in which every read is a placeholder, and gives back what it asked for. So
 * whoever shows or exports a step sees the very request that a run would send. Nothing is sent.
 */
export async function runSymbolically(
  verb: Verb,
  step: RecipeStep,
  parts: SymbolicParts,
): Promise<SymbolicStep> {
  let done: SymbolicStep = {}
  await verb.run(
    step,
    symbolicContext(step, parts, (what) => {
      done = { ...done, ...what }
    }),
  )
  return done
}

/** Puts placeholders into the string leaves of a value. */
export function renderSymbolically(
  value: Json,
  step: RecipeStep,
  placeholders: Placeholders,
  path: DataPath = [],
): Json {
  return symbolicValue(value, path, { step, placeholders, form: 'value' })
}

/** What putting placeholders into a value takes. */
type Filling<Form extends PlaceholderForm> = {
  readonly step: RecipeStep
  readonly placeholders: Placeholders
  /** That of a placeholder which is all that there is. */
  readonly form: Form
}

function symbolicValue(value: Json, path: DataPath, filling: Filling<'value' | 'filled'>): Json {
  if (typeof value === 'string') {
    const { step, placeholders, form } = filling
    const [only, second] = parseTemplate(value, step.locate(path)).parts
    const known = only?.kind === 'read' && second === undefined ? placeholders.known?.(only, form) : undefined
    return known === undefined ? symbolicText(value, path, filling) : known.value
  }
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map((item, index) => symbolicValue(item, [...path, index], filling))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, symbolicValue(item, [...path, key], filling)]),
  )
}

function symbolicText(
  text: string,
  path: DataPath,
  { step, placeholders, form: alone }: Filling<PlaceholderForm>,
): string {
  const at = step.locate(path)
  const { parts } = parseTemplate(text, at)
  const form = parts.length === 1 ? alone : 'text'
  return parts
    .map((part) => (part.kind === 'text' ? part.text : placeholders.add({ read: part, form, at })))
    .join('')
}

function symbolicUrl(text: string, step: RecipeStep, placeholders: Placeholders, path: DataPath): string {
  const at = step.locate(path)
  const { parts } = parseTemplate(text, at)
  let url = ''
  for (const [index, part] of parts.entries()) {
    const before = parts[index - 1]
    if (part.kind === 'text') {
      const isAfterEndpoint = index === 1 && before?.kind === 'read' && before.name === 'endpoint'
      url = isAfterEndpoint ? joinEndpoint(url, part.text) : url + part.text
    } else {
      const form = url === '' ? 'url' : /[?#]/.test(url) ? 'component' : 'path'
      url += placeholders.add({ read: part, form, at })
    }
  }
  return url.replace(/[\s"<>\\^`{|}\u0080-\uffff]+/g, (part) => percentEncode(part, true))
}

function symbolicContext(
  step: RecipeStep,
  { placeholders, cloud, directory, fileInputs }: SymbolicParts,
  record: (what: SymbolicStep) => void,
): StepContext {
  const readOf = (name: string): TemplateRead => ({
    kind: 'read',
    path: parseDataPath(name) ?? [name],
    name,
    offset: 0,
    length: 0,
  })
  return {
    signal: new AbortController().signal,
    cloud,
    now: () => 0,
    runScript: async () => ({ exit: 0, errors: '' }),
    async wait() {},
    ask: async () => true,
    render: (value, path) => renderSymbolically(value, step, placeholders, path),
    renderFilled: (value, path = []) => symbolicValue(value, path, { step, placeholders, form: 'filled' }),
    renderText: (value, path = []) =>
      typeof value === 'string'
        ? symbolicText(value, path, { step, placeholders, form: 'text' })
        : String(value),
    renderUrl: (text, path = []) => symbolicUrl(text, step, placeholders, path),
    renderPath(value, path) {
      const at = step.locate(path)
      const template = parseTemplate(String(value), at)
      const pieces = template.parts.map((part) =>
        part.kind === 'text' ? part.text : placeholders.add({ read: part, form: 'text', at }),
      )
      const named = ({ path: [name] }: TemplateRead): string | undefined =>
        fileInputs.has(String(name)) ? pieces[0] : undefined
      const text = pieces.join('')
      const found = filePathOf(template, text, { directory, at, named })
      const [first] = template.parts
      const isUnknown = first?.kind === 'read' && typeof placeholders.cut(text)[0] === 'object'
      // What the caller names starts from the folder of the caller.
      return isUnknown && named(first) !== undefined ? text : found.path
    },
    lookup: (name) => ({ url: placeholders.add({ read: readOf(name), form: 'url', at: step.at }) }),
    set() {},
    async send(request, details = {}) {
      record({ request: { request, details } })
      return noAnswer
    },
    askOnce: async () => noAnswer,
    answer() {},
    notice() {},
    signUrl(grant) {
      record({ grant })
      return { url: grant.url, signature: '' }
    },
    learnSecret() {},
    nameUrl() {},
    fail() {},
    async authenticate(credentials, options) {
      record({ authentication: { credentials, options } })
      return { token: noToken, response: undefined }
    },
    async revoke(token) {
      record({ revocation: { token } })
    },
    credentialHeaders: () => [
      ['X-Auth-Token', placeholders.add({ read: readOf('token'), form: 'text', at: step.at })],
    ],
    mayReceiveToken: () => true,
    mayReceiveCredentials: () => true,
    permitOrigin() {},
    permitReads() {},
    locate: (path) => step.locate(path),
  }
}

/** An answer of no interest. */
export const noAnswer: HttpResponse = {
  status: 200,
  headers: [],
  body: undefined,
  duration: 0,
  size: 0,
  md5: '',
  sha256: '',
}

const noToken: Token = {
  id: '',
  expiresAt: '',
  issuedAt: '',
  methods: [],
  user: { id: '', name: '', domain: { id: '', name: '' } },
  system: false,
  roles: [],
  auditIds: [],
  catalog: undefined,
  clockSkew: 0,
  issueSkew: 0,
  identityUrl: '',
  body: {},
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
