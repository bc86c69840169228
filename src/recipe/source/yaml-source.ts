import { Composer, LineCounter, type Node, Parser } from 'yaml'
import type { Position } from '../../model/problem.ts'
import type { Json } from '../../model/recipe.ts'
import type { SchemaGuide } from '../schema/guided-schema.ts'
import { createSourceText } from './source-text.ts'
import { limits, tooDeepMessage, YamlConversion } from './yaml-conversion.ts'
import { findTooDeep } from './yaml-depth.ts'
import { faultsOf } from './yaml-fault.ts'
import { createPlaces, type YamlPlaces } from './yaml-places.ts'

/** Something wrong in the YAML itself. */
type YamlFault = { readonly at: Position; readonly message: string; readonly hint?: string }

/** One YAML document that remembers where everything stands. */
export type YamlSource = YamlPlaces & {
  readonly faults: readonly YamlFault[]
  /** Whether the document is so broken that its data means nothing. */
  readonly broken: boolean
  readonly data: Json
}

const severalDocuments = {
  message: 'A file holds one recipe.',
  hint: 'Put what follows "---" into a file of its own.',
}

/** Reads one YAML document. Where the guide's schema wants a string, a plain scalar is taken as its source text. */
export function readYaml(text: string, file: string, guide: SchemaGuide): YamlSource {
  const lines = new LineCounter()
  const source = createSourceText(text, file, lines)
  const faults: YamlFault[] = []
  const fault = (start: number, end: number, told: Omit<YamlFault, 'at'>): void =>
    void faults.push({ at: source.position(start, end - start), ...told })
  const conversion = new YamlConversion(guide, (node, message, hint) => {
    const [start = 0, end = start + 1] = node.range ?? []
    fault(start, end, { message, ...(hint && { hint }) })
    return null
  })
  const tokens = [...new Parser(lines.addNewLine).parse(text)]
  const tooDeep = findTooDeep(tokens, limits.depth)
  if (tooDeep !== undefined) {
    fault(tooDeep, tooDeep + 1, { message: tooDeepMessage })
    return { faults, broken: true, data: null, ...createPlaces(undefined, conversion, source) }
  }
  const composer = new Composer({ uniqueKeys: true, prettyErrors: false, stringKeys: false })
  const [document, second] = composer.compose(tokens, true, text.length)
  const errors = [...(document?.errors ?? []), ...(document?.warnings ?? [])]
  for (const { start, end, ...told } of faultsOf(errors, text)) fault(start, end, told)
  if (second !== undefined) fault(second.range[0], second.range[1], severalDocuments)
  const broken = second !== undefined || errors.some(({ code }) => code !== 'DUPLICATE_KEY')
  const contents = (document?.contents ?? null) as Node | null
  const data = broken ? null : conversion.dataOf(contents)
  return { faults, broken, data, ...createPlaces(contents, conversion, source) }
}
