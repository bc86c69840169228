import { reservedNames } from '../../recipe/read/scope.ts'
import type { DraftInput } from '../draft.ts'
import { reference, referencesOf, rewrite } from '../reference.ts'

/** The names of a draft: its inputs, and what shell variables became. */
export type DraftNames = {
  readonly inputs: readonly DraftInput[]
  /** Declares an input by this name, or by the next free one; `value` is its default. */
  claim(name: string, secret: boolean, description?: string, value?: string): string
  /** Takes a name that a step sets, so that no input has it. */
  reserve(name: string): string
  /** Says that whatever shell variables stand in a text are secret. */
  markSecret(text: string): void
  /** A text with references as a template. */
  toTemplate(text: string): string
  /** The same for a path: where it begins with a variable of the environment, whoever runs the recipe names that file. */
  toPath(text: string): string
}

/** Makes the names of one draft. */
export function openNames(): DraftNames {
  const inputs: DraftInput[] = []
  const taken = new Set<string>(Object.keys(reservedNames))
  const variables = new Map<string, string>()
  const files = new Map<string, string>()
  const secrets = new Set<string>()
  const free = (wanted: string): string => {
    const plain = wanted.replace(/@.*$/s, '').replace(/[^\w-]+/g, '-')
    const base = Object.hasOwn(reservedNames, plain)
      ? `${plain}-${plain === 'endpoint' ? 'url' : 'value'}`
      : plain
    const named = /^[A-Za-z_]/.test(base) ? base : `input-${base}`
    let name = named
    for (let number = 2; taken.has(name); number++) name = `${named}-${number}`
    taken.add(name)
    return name
  }
  const claim: DraftNames['claim'] = (wanted, secret, description, value) => {
    const name = free(wanted)
    inputs.push({
      name,
      secret,
      ...(description !== undefined && { description }),
      ...(value !== undefined && { default: value }),
    })
    return name
  }
  const file = (name: string): string => {
    const known = files.get(name)
    if (known !== undefined) return known
    const made = free(name)
    inputs.push({ name: made, secret: false, isFile: true, description: `The shell variable $${name}.` })
    files.set(name, made)
    return made
  }
  const variable = (name: string): string => {
    // What stands in capitals is exported by the habits of shells; the others become inputs.
    if (isExported(name)) return `env.${name}`
    const known = variables.get(name)
    if (known !== undefined) return known
    const made = claim(
      name,
      secrets.has(name),
      name.includes('@')
        ? `The shell took it out of an answer, as $${name.replace(/@.*$/s, '')}.`
        : `The shell variable $${name}.`,
    )
    variables.set(name, made)
    return made
  }
  const toTemplate = (text: string): string =>
    rewrite(
      text,
      (plain) => plain.replaceAll('${', '$$${'),
      (name) => `\ufdd0\${${name.startsWith('=') ? name.slice(1) : variable(name)}}`,
    )
      // A dollar right before a template would make it a literal one.
      .replaceAll('$\ufdd0', '${env.DOLLAR:-$}')
      .replaceAll('\ufdd0', '')
  return {
    inputs,
    claim,
    reserve: free,
    markSecret(text) {
      rewrite(
        text,
        (plain) => plain,
        (name) => {
          secrets.add(name)
          return ''
        },
      )
    },
    toTemplate,
    toPath(text) {
      const [first] = referencesOf(text)
      if (first === undefined || !isExported(first) || !text.startsWith(reference(first)))
        return toTemplate(text)
      return toTemplate(text.replace(reference(first), reference(`=${file(first)}`)))
    },
  }
}

function isExported(name: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(name)
}
