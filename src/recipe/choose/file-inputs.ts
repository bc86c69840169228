import { resolve } from 'node:path'
import type { Json, Recipe, RecipeInput } from '../../model/recipe.ts'

type Schema = RecipeInput['schema']

/** Whether the values of an input are files and folders that the caller names: `format: path`, or a list of them. */
export function isPathInput({ schema }: Pick<RecipeInput, 'schema'>): boolean {
  return isPath(schema) || isPath(itemsOf(schema))
}

/** The names of the inputs of a recipe that name files. */
export function fileInputsOf({ inputs }: Pick<Recipe, 'inputs'>): ReadonlySet<string> {
  return new Set(inputs.filter(isPathInput).map(({ name }) => name))
}

/** A value of such an input with its paths made absolute, from this folder; any other as it is. */
export function fromFolder(value: Json, { schema }: Pick<RecipeInput, 'schema'>, folder: string): Json {
  const absolute = (one: Json): Json => (typeof one === 'string' && one !== '' ? resolve(folder, one) : one)
  if (isPath(schema)) return absolute(value)
  return isPath(itemsOf(schema)) && isList(value) ? value.map(absolute) : value
}

/** The paths that a value of an input names; none for an input that names no files. */
export function pathsOf(value: Json | undefined, input: Pick<RecipeInput, 'schema'>): readonly string[] {
  if (value === undefined || !isPathInput(input)) return []
  return (isList(value) ? value : [value]).filter((one) => typeof one === 'string' && one !== '') as string[]
}

function itemsOf({ items }: Schema): Schema {
  return typeof items === 'object' && items !== null && !isList(items) ? items : {}
}

function isPath({ format }: Schema): boolean {
  return format === 'path'
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
