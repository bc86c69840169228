import { Command } from 'commander'
import { recipeSchema } from '../../recipe/schema/recipe-schema.ts'
import { verbs } from '../../steps/index.ts'
import type { CommandContext } from '../io.ts'

/** `osrun schema`: the language's JSON Schema, for editors. */
export function schemaCommand({ io }: Pick<CommandContext, 'io'>): Command {
  return new Command('schema').description("print the recipe language's JSON Schema").action(() => {
    io.stdout.write(`${JSON.stringify(recipeSchema(verbs), undefined, 2)}\n`)
  })
}
