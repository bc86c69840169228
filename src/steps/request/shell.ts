import { cannotExport } from '../../export/cannot-export.ts'
import { toJqExpectation } from '../../export/jq/expectation.ts'
import { hasSalvage } from '../../export/shell/step/captures.ts'
import type { ShellVerb, VerbWriting } from '../../export/shell/step/shell-verb.ts'
import { variableOf } from '../../export/shell/values/variable-names.ts'
import { quoteProgram, quoteText } from '../../export/shell/values/words.ts'
import { formArgument } from '../../http/curl-line/curl-form.ts'
import type { FormPart, HttpRequest } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import type { Json, RecipeStep } from '../../model/recipe.ts'
import { parseMicroversion } from '../../openstack/versions/microversion.ts'
import { parseDataPath } from '../../util/data-path.ts'

/** A request, made by the verb's own code and sent by curl; its status is looked at by accept. */
export const shell: ShellVerb = {
  async write(writing) {
    const { step } = writing
    const input =
      typeof step.input === 'object' && step.input !== null
        ? (step.input as { readonly [key: string]: Json })
        : {}
    const { microversion = '', ...rest } = input
    const isDefault = input.microversion !== undefined && step.defaulted.includes('microversion')
    const isFound = isDefault || needsService(input)
    const asked = (await writing.symbolic(isFound ? rest : step.input)).request
    if (asked === undefined) throw cannotExport('This request', step.at)
    const options: string[] = []
    writeBody(asked.request, input, writing, options)
    if (asked.request.saveTo !== undefined) {
      writing.need('save')
      options.push(`--save ${pathWord(asked.request.saveTo, 'write', writing)}`)
    }
    if (asked.details.redirect === false) options.push('--follow no')
    const isOwn = (name: string): boolean =>
      /^x-auth-token$/i.test(name) &&
      headerOf(Object.entries(input.headers ?? {}) as [string, string][], name) !== undefined
    const carries = asked.request.headers.some(([name]) => /^x-auth-token$/i.test(name) && !isOwn(name))
    if (!carries) options.push(`--token ${input.token === true ? 'always' : 'no'}`)
    else if (input.token === true) options.push('--token always')
    if (carries) writing.need('renew')
    if (carries && asked.details.expects401 === true) options.push('--renew no')
    const headers = asked.request.headers
      .filter(
        ([name, value]) =>
          (!/^x-auth-token$/i.test(name) || isOwn(name)) && !/^accept: \*\/\*$/i.test(`${name}: ${value}`),
      )
      .map(([name, value]) => writing.word(`${name}: ${value}`))
    writing.need('send')
    const url = writing.word(asked.request.url, 'query')
    if (isFound)
      headers.push(...writeMicroversion(microversion, { asked: asked.request.url, url, isDefault }, writing))
    const send = (target: string): string =>
      ['send', ...options, asked.request.method, target, ...headers].join(' ')
    const wanted = input['all-pages']
    const pages = wanted === undefined || wanted === false ? undefined : `page_${writing.number}`
    if (pages !== undefined) writing.line(`${pages}() { ${send('"$1"')}; }`)
    writing.must(pages === undefined ? send(url) : `${pages} ${url}`)
    if (input.expect !== undefined || !untilSpeaksOfStatus(step)) writeExpected(input.expect, writing)
    if (pages !== undefined) writePages(pages, wanted, writing)
  },
}

// Of which service a microversion is, is known here only where the recipe writes it out.
function needsService({ microversion }: { readonly [key: string]: Json }): boolean {
  return microversion !== undefined && parseMicroversion(String(microversion))?.service === undefined
}

// The headers of a microversion, if any, whose service the script finds out: by the endpoint that the URL starts from, as
// `readMicroversion` does, or by the catalog.
function writeMicroversion(
  microversion: Json,
  { asked, url, isDefault }: { readonly asked: string; readonly url: string; readonly isDefault: boolean },
  writing: VerbWriting,
): readonly string[] {
  const { parts } = writing
  const [start] = parts.placeholders.cut(asked)
  const name = typeof start === 'object' && start.read.path.length === 1 ? start.read.name : undefined
  const file = name !== undefined && parts.kinds.get(name) === 'file' ? variableOf(name) : undefined
  if (file !== undefined) {
    parts.read.add(`${file}.json`)
    if (!parts.certain.has(name ?? '')) parts.unset.add(file)
  }
  if (!parts.certain.has('token')) parts.unset.add('token')
  const text = writing.word(String(writing.render(microversion, ['microversion'])))
  writing.need('microversion')
  writing.must(`microversion ${text} ${file ?? 'token'} ${url}${isDefault ? ' default' : ''}`)
  return ['${_asked_version:+"$_asked_version"}', '${_own_version:+"$_own_version"}']
}

function writePages(pages: string, wanted: Json | undefined, writing: VerbWriting): void {
  writing.need('all_pages')
  const path = typeof wanted === 'string' ? (parseDataPath(wanted) ?? [wanted]) : null
  const call = `all_pages ${pages} ${quoteText(JSON.stringify(path))}`
  if (!hasSalvage(writing.step)) writing.must(call)
  else
    writing.line(
      `${call} || { _failed=$?; capture_${writing.number} 2>/dev/null; ${writing.stop} "$_failed"; }`,
    )
}

function writeBody(
  asked: HttpRequest,
  input: { readonly [key: string]: Json },
  writing: VerbWriting,
  options: string[],
): void {
  const { body, method } = asked
  if (body === undefined) return
  if (method === 'HEAD') throw cannotExport('A HEAD with a body', writing.step.at)
  if (body.kind === 'file') {
    options.push(`--upload ${pathWord(body.path, 'read', writing)}`)
    return
  }
  if (body.kind === 'multipart') {
    writeForm(body.parts, writing)
    options.push('--form "$work/form"')
    return
  }
  options.push('--body "$work/body"')
  if (body.json !== undefined && writing.isSymbolic(body.json as Json)) {
    // -j writes a text that is the whole body as it is, not as JSON.
    const program = `${writing.jq(body.json as Json)}${typeof body.json === 'string' ? ' | tojson' : ''}`
    writing.must(`${writing.environment()}jq -cnj ${quoteProgram(program)} >"$work/body"`)
  } else
    writing.must(
      `printf '%s' ${writing.word(body.text, input.form === undefined ? 'text' : 'form')} >"$work/body"`,
    )
}

// A path's values cannot lead out of the folder of its literal part, which is that before the first of them; what an input
// names counts as literal.
function pathWord(path: string, use: 'read' | 'write', writing: VerbWriting): string {
  const { cut } = writing.parts.placeholders
  const word = writing.word(path)
  const [first] = cut(path)
  const isPlain = (head: string): boolean =>
    cut(head).every((piece, index) => typeof piece === 'string' || (index === 0 && typeof first === 'object'))
  if (isPlain(path)) return word
  const folder = [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index)).findLast(isPlain)
  if (folder === undefined) throw cannotExport('A path with a value glued to another', writing.step.at)
  if (folder !== '') {
    writing.need('inside')
    writing.must(`inside ${use} ${writing.word(folder)} ${word}`)
  }
  return word
}

// curl is told the parts by a configuration: https://curl.se/docs/manpage.html#-K
function writeForm(parts: readonly FormPart[], writing: VerbWriting): void {
  for (const part of parts)
    if ('file' in part) {
      writing.need('readable')
      writing.must(`readable ${pathWord(part.file, 'read', writing)}`)
    }
  const line = (part: FormPart): string => {
    const { option, stretches } = formArgument(part, (text) => !writing.isSymbolic(text))
    const texts = stretches.map(({ text, quoted }) => `(${writing.jq(text)}${quoted ? ' | quoted' : ''})`)
    return `(${texts.join(' + ')} | setting("${option === '-F' ? 'form' : 'form-string'}"))`
  }
  writing.need('parts')
  const program = parts.map(line).join(', ')
  writing.must(`${writing.environment()}jq -rn "$jq_parts"${quoteProgram(program)} >"$work/form"`)
}

// A status that `until` waits for, or waits to be over, is no error, unless `expect` says which ones are none.
function untilSpeaksOfStatus({ polling }: RecipeStep): boolean {
  const until = polling?.until.value
  return typeof until === 'object' && until !== null && 'status' in until
}

function writeExpected(expect: Json | undefined, writing: VerbWriting): void {
  const wanted = expect === undefined ? [] : [expect].flat()
  if (wanted.every((one) => typeof one === 'number')) {
    writing.need('accept')
    judge(['accept', ...wanted.map(String)].join(' '), writing)
    return
  }
  const at = writing.step.locate(['expect'])
  const expectation = writing.render(expect ?? null, ['expect'])
  const { absent, differences } = toJqExpectation(expectation, writing.jq, writing.isSymbolic, at)
  writing.need('differences', 'refused')
  writing.line(
    `${writing.environment()}jq -r "$jq_definitions"${quoteProgram(`\ncompare("status"; .status; ${absent}; ${differences}), "compared"`)} "$work/response.json" >"$work/differences"`,
  )
  judge('differences refused', writing)
}

function judge(statement: string, writing: VerbWriting): void {
  const { step, stop, number } = writing
  if (hasSalvage(step)) writing.line(`${statement} || { capture_${number} 2>/dev/null; ${stop} 4; }`)
  else writing.must(statement)
}
