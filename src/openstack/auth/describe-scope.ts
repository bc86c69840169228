/** In words, what a token is good for; takes the `token` object of Keystone's answer, or a token of ours. */
export function describeScope(token: Readonly<Record<string, unknown>>): string {
  const project = named(token.project)
  if (project !== undefined) return `scoped to the project ${project}`
  const domain = named(token.domain)
  if (domain !== undefined) return `scoped to the domain ${domain}`
  return token.system ? 'scoped to the system' : 'unscoped'
}

function named(thing: unknown): string | undefined {
  if (typeof thing !== 'object' || thing === null) return undefined
  const { id, name } = thing as { readonly id?: unknown; readonly name?: unknown }
  if (typeof name === 'string' && name !== '') return `"${name}"`
  return typeof id === 'string' ? id : undefined
}
