import type { FormPart, RequestBody } from '../../model/exchange.ts'
import type { Asks } from '../../model/permission.ts'
import type { DataPath, Json } from '../../model/recipe.ts'
import type { StepContext } from '../../model/step.ts'
import { jsonText } from '../../util/parse-json.ts'
import { isMapping, textOf } from '../input.ts'

/** The body of a request with its templates rendered; undefined when it has none. */
export function bodyOf(input: Record<string, unknown>, context: StepContext): RequestBody | undefined {
  if (input.json !== undefined) {
    const json = context.render(input.json as Json, ['json'])
    return { kind: 'text', text: jsonText(json), json }
  }
  if (isMapping(input.form)) {
    const form = new URLSearchParams()
    for (const [name, value] of Object.entries(
      context.renderFilled(input.form, ['form']) as Record<string, unknown>,
    ))
      for (const one of Array.isArray(value) ? value : [value]) form.append(name, textOf(one))
    return { kind: 'text', text: form.toString() }
  }
  if (isMapping(input.multipart)) return { kind: 'multipart', parts: partsOf(input.multipart, context) }
  if (input.body !== undefined)
    return { kind: 'text', text: context.renderText(input.body as Json, ['body']) }
  if (input.file !== undefined)
    return { kind: 'file', path: context.renderPath(input.file as Json, ['file'], 'read') }
  return undefined
}

/** The Content-Type that a body has unless the step says another. */
export function contentType(input: Record<string, unknown>): string | undefined {
  if (input.json !== undefined) return 'application/json'
  if (input.form !== undefined) return 'application/x-www-form-urlencoded'
  return undefined
}

function partsOf(multipart: Record<string, unknown>, context: StepContext): readonly FormPart[] {
  return Object.entries(multipart).flatMap(([name, value]) => {
    const path = ['multipart', name]
    if (!Array.isArray(value)) return partsOfValue(name, value as Json, path, context)
    return value.flatMap((one: Json, index) => partsOfValue(name, one, [...path, index], context))
  })
}

// As in a query and in a form, a template that gives a list gives several.
function partsOfValue(name: string, value: Json, path: DataPath, context: StepContext): readonly FormPart[] {
  if (isMapping(value)) return [partOf(name, value, path, context)]
  return [context.renderFilled(value, path)].flat().map((one) => ({ name, text: textOf(one) }))
}

function partOf(
  name: string,
  value: Readonly<Record<string, unknown>>,
  path: DataPath,
  context: StepContext,
): FormPart {
  const field = (key: string): string | undefined =>
    value[key] === undefined ? undefined : context.renderText(value[key] as Json, [...path, key])
  const [type, filename] = [field('type'), field('filename')]
  const typed = type === undefined ? {} : { type }
  if (value.file === undefined) return { name, text: field('text') ?? '', ...typed }
  const named = filename === undefined ? {} : { filename }
  return { name, file: context.renderPath(value.file as Json, [...path, 'file'], 'read'), ...typed, ...named }
}

/** Reports what the schema of `multipart` cannot say. */
export function checkParts(
  input: Record<string, unknown>,
  report: (path: DataPath, message: string, hint?: string) => void,
): void {
  if (!isMapping(input.multipart)) return
  for (const name of Object.keys(isMapping(input.headers) ? input.headers : {}))
    if (/^content-type$/i.test(name))
      report(
        ['headers', name],
        'A multipart body writes its own Content-Type, with its boundary.',
        'Leave it out.',
      )
  for (const [name, value] of Object.entries(input.multipart))
    for (const one of (Array.isArray(value) ? value : [value]) as readonly unknown[])
      if (isMapping(one) && (one.file === undefined) === (one.text === undefined))
        report(['multipart', name], `The part "${name}" is a \`file\` or a \`text\`, one of them.`)
}

/** The files that a request sends and writes, as its input names them. */
export function filesOf(input: Json): NonNullable<Asks['files']> {
  if (!isMapping(input)) return []
  const multipart = isMapping(input.multipart) ? Object.entries(input.multipart) : []
  const parts = multipart.flatMap(([name, value]) =>
    ((Array.isArray(value) ? value : [value]) as readonly unknown[]).map((part, index) => {
      const place = Array.isArray(value) ? ['multipart', name, index, 'file'] : ['multipart', name, 'file']
      return { path: isMapping(part) ? part.file : undefined, place, use: 'read' as const }
    }),
  )
  return [
    { path: input.file, place: ['file'], use: 'read' as const },
    ...parts,
    { path: input['save-to'], place: ['save-to'], use: 'write' as const },
  ].flatMap(({ path, ...rest }) => (path === undefined ? [] : [{ path: textOf(path), ...rest }]))
}
