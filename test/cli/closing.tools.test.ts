import { describe, test } from 'vitest'
import { expectClosed } from './open-handles.ts'

// They serve what the build has made.
describe('what a command opens is closed when it has ended', () => {
  test.each([
    [['sandbox', '--web']],
    [['learn', '--web', 'recipes/object-metadata.yaml']],
    [['learn', '--board']],
  ])('%j, by a signal', (args) => expectClosed(args, {}, process.cwd()))
})
