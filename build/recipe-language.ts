// What the build compiles the language's validator from.
export { recipeSchema } from '../src/recipe/schema/recipe-schema.ts'
export { recipeValidatorOptions } from '../src/recipe/schema/schema-validator.ts'
export { verbs } from '../src/steps/index.ts'
