// What the build compiles the language's validator from.
export { recipeSchema } from '../src/recipe/recipe-schema.ts'
export { recipeValidatorOptions } from '../src/recipe/schema-validator.ts'
export { verbs } from '../src/steps/index.ts'
