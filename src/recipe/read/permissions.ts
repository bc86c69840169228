import { resolve } from 'node:path'
import type { Asks, PermissionKind } from '../../model/permission.ts'
import type { Position } from '../../model/problem.ts'
import type { DataPath, Json, Recipe, RecipeStep } from '../../model/recipe.ts'
import type { Verb } from '../../model/step.ts'
import { isWithin } from '../../util/files/within.ts'
import { originOf } from '../../util/origin.ts'
import { isSecretVariable } from '../../util/secret-names.ts'
import { fileInputsOf } from '../choose/file-inputs.ts'
import { readTemplate } from '../template/template.ts'
import { templateReads } from './reads.ts'

/** Something that a recipe asks for: a method, a file, a variable, a server. */
export type AskedPermission = { readonly kind: PermissionKind; readonly what: string; readonly at: Position }

/**
 * What a recipe asks for, with the recipes that it includes and what it defers, as far as its text says it: once each, at the first
 * place. `home` are the origins of its own cloud that are known before a run.
 */
export function permissionsOf(
  recipe: Recipe,
  verbs: readonly Verb[],
  home: readonly (string | undefined)[] = [],
): readonly AskedPermission[] {
  const found = new Map<string, AskedPermission>()
  const add = (kind: PermissionKind, what: string, at: Position): void => {
    const key = `${kind} ${what}`
    if (!found.has(key)) found.set(key, { kind, what, at })
  }
  const visit = (within: Recipe, steps: readonly RecipeStep[]): void => {
    for (const step of steps) {
      const verb = verbs.find((one) => one.verb === step.verb)
      if (step.traits.needsAllowRun)
        add('scripts', step.name ?? verb?.title(step.input) ?? step.verb, step.at)
      const asks = verb?.asks?.(step.input)
      if (asks !== undefined) addAsked(asks, { step, recipe: within, home, add })
      for (const { path, place } of variablesOf(step.input))
        add('environment', `$${path}`, step.locate(place))
      if (step.included !== undefined) visit(step.included, step.included.steps)
      visit(within, step.defer)
    }
  }
  visit(recipe, recipe.steps)
  for (const { path } of recipe.reads)
    if (path[0] === 'env') add('environment', `$${String(path[1])}`, recipe.steps[0]?.at ?? noPlace(recipe))
  return [...found.values()]
}

type Adding = {
  readonly step: RecipeStep
  readonly recipe: Recipe
  readonly home: readonly (string | undefined)[]
  add(kind: PermissionKind, what: string, at: Position): void
}

function addAsked(
  { method, url, takesOwn = false, files = [] }: Asks,
  { step, recipe, home, add }: Adding,
): void {
  if (method !== undefined && !/^(GET|HEAD|OPTIONS)$/.test(method)) add('changes', method, step.at)
  for (const { path, place, use } of files) {
    const isInside = staysInside(path, recipe)
    const kind =
      use === 'read' ? (isInside ? 'reads' : 'readsElsewhere') : isInside ? 'writes' : 'writesElsewhere'
    add(kind, path, step.locate(place))
  }
  const server = typeof url === 'string' ? serverOf(url) : undefined
  if (server === undefined || home.includes(server)) return
  add('origins', server, step.at)
  const secrets = variablesOf(step.input).some(({ path }) => isSecretVariable(path))
  const hasToken = templateReads(step.input).some(({ path: [root] }) => root === 'token')
  if (takesOwn || secrets || hasToken) add('credentials', server, step.at)
}

// What an input names is allowed by whoever names it; what a value adds cannot leave the folder before it.
function staysInside(path: string, recipe: Recipe): boolean {
  const [first] = readTemplate(path).template.parts
  if (first?.kind === 'read') return !path.startsWith('${env.') || fileInputsOf(recipe).has(first.name)
  const literal = first?.text ?? ''
  return isWithin(resolve(recipe.directory, literal), [resolve(recipe.directory)]) || literal === ''
}

// The server that a URL names itself, or by a value of somebody's choice.
function serverOf(url: string): string | undefined {
  const { parts } = readTemplate(url).template
  const [first, next] = parts
  if (first?.kind !== 'text') return undefined
  const [, start = ''] = /^(https?:\/\/[^/?#]*)/i.exec(first.text) ?? []
  if (start === '') return undefined
  if (start === first.text && next?.kind === 'read') return `${start}\${${next.name}}`
  return originOf(start) ?? start
}

function* leaves(value: Json, place: DataPath = []): Generator<readonly [string, DataPath]> {
  if (typeof value === 'string') yield [value, place]
  else if (typeof value === 'object' && value !== null)
    for (const [key, child] of Object.entries(value))
      yield* leaves(child as Json, [...place, Array.isArray(value) ? Number(key) : key])
}

function variablesOf(input: Json): readonly { readonly path: string; readonly place: DataPath }[] {
  return [...leaves(input)].flatMap(([text, place]) =>
    templateReads(text).flatMap(({ path: [root, name] }) =>
      root === 'env' ? [{ path: String(name), place }] : [],
    ),
  )
}

function noPlace({ file }: Recipe): Position {
  return { file, line: 1, column: 1 }
}
