import { formArgument } from '../../../http/curl-form.ts'
import type { FormPart, HttpRequest } from '../../../model/exchange.ts'
import { headerOf } from '../../../model/exchange.ts'
import type { Json, RecipeStep } from '../../../model/recipe.ts'
import { parseMicroversion } from '../../../openstack/microversion.ts'
import { cannotExport } from '../../cannot-export.ts'
import { toJqExpectation } from '../../jq/expectation.ts'
import { hasSalvage } from '../captures.ts'
import type { ShellVerb, VerbWriting } from '../shell-verb.ts'
import { quoteProgram } from '../words.ts'

/** A request, made by the verb's own code and sent by curl; its status is looked at by accept. */
export const request: ShellVerb = {
  async write(writing) {
    const { step } = writing
    const input =
      typeof step.input === 'object' && step.input !== null
        ? (step.input as { readonly [key: string]: Json })
        : {}
    if (input['all-pages'] !== undefined && input['all-pages'] !== false)
      throw cannotExport('A request for all pages', step.locate(['all-pages']))
    if (
      input.microversion !== undefined &&
      parseMicroversion(String(input.microversion))?.service === undefined
    )
      throw cannotExport(
        'A microversion that is not written out together with its service',
        step.locate(['microversion']),
        'Name the service with it, as in the header: microversion: compute 2.90.',
      )
    const asked = (await writing.symbolic()).request
    if (asked === undefined) throw cannotExport('This request', step.at)
    const options: string[] = []
    writeBody(asked.request, input, writing, options)
    if (asked.request.saveTo !== undefined) options.push(`--save ${writing.word(asked.request.saveTo)}`)
    if (asked.details.redirect === false) options.push('--follow no')
    const isOwn = (name: string): boolean =>
      /^x-auth-token$/i.test(name) &&
      headerOf(Object.entries(input.headers ?? {}) as [string, string][], name) !== undefined
    const carries = asked.request.headers.some(([name]) => /^x-auth-token$/i.test(name) && !isOwn(name))
    if (!carries) options.push(`--token ${input.token === true ? 'always' : 'no'}`)
    else if (input.token === true) options.push('--token always')
    const headers = asked.request.headers
      .filter(
        ([name, value]) =>
          (!/^x-auth-token$/i.test(name) || isOwn(name)) && !/^accept: \*\/\*$/i.test(`${name}: ${value}`),
      )
      .map(([name, value]) => writing.word(`${name}: ${value}`))
    writing.need('send')
    const url = writing.word(asked.request.url, 'query')
    writing.must(['send', ...options, asked.request.method, url, ...headers].join(' '))
    if (input.expect !== undefined || !untilSpeaksOfStatus(writing.step)) writeExpected(input.expect, writing)
  },
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
    options.push(`--upload ${writing.word(body.path)}`)
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

// curl is told the parts by a configuration: https://curl.se/docs/manpage.html#-K
function writeForm(parts: readonly FormPart[], writing: VerbWriting): void {
  for (const part of parts)
    if ('file' in part) {
      writing.need('readable')
      writing.must(`readable ${writing.word(part.file)}`)
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
