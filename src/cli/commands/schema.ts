import { Command } from 'commander'
import { recipeSchema } from '../../recipe/recipe-schema.ts'
import { verbs } from '../../steps/index.ts'

/** `osrun schema`: the language's JSON Schema, for editors. */
export function schemaCommand(): Command {
  return new Command('schema').description("print the recipe language's JSON Schema").action(() => {
    process.stdout.write(`${JSON.stringify(recipeSchema(verbs), undefined, 2)}\n`)
  })
}
