import { basename } from 'node:path'
import { stringify } from 'yaml'

/** A recipe to begin with, whose name is made of that of its file: it passes as it stands where there is such an object. */
export function newRecipe(file: string): string {
  return `# For completion in an editor with a YAML language server: osrun schema > recipe.schema.json
# yaml-language-server: $schema=recipe.schema.json
osrun: 1
name: ${stringify(nameOf(file), { lineWidth: 0 }).trim()}
description: What it shows, in a sentence or two.

# What whoever runs it may change: --input container=other
inputs:
  container: photos

steps:
  - authenticate:

  # Another service: identity, compute, network, image ... \`osrun catalog\` lists those that there are.
  - pick-endpoint: object-store

  - name: List the container
    request: GET \${endpoint}/\${container}?format=json
    note: What to look at. It is shown before the request is sent, and in hand-outs.
    capture:
      first: $[0].name

  # What has to be so. What is not is told with what was found.
  - assert:
      status: 200
      headers:
        x-container-object-count: { minimum: 1 }

  - name: Ask for the first object's metadata
    request: HEAD \${endpoint}/\${container}/\${first}

# The token is revoked at the end, whatever happens. What a recipe makes is deleted in \`defer\` of the step that makes it.
`
}

function nameOf(file: string): string {
  const words = basename(file)
    .replace(/\.ya?ml$/i, '')
    .replaceAll(/[-_\s]+/g, ' ')
    .trim()
  return words === '' ? 'New' : `${words[0]?.toUpperCase()}${words.slice(1)}`
}
