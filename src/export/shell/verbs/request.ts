import type { HttpRequest } from '../../../model/exchange.ts'
import { headerOf } from '../../../model/exchange.ts'
import type { Json } from '../../../model/recipe.ts'
import { parseMicroversion } from '../../../openstack/microversion.ts'
import { cannotExport } from '../../cannot-export.ts'
import { toJqExpectation } from '../../jq/expectation.ts'
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
    if (step.timeout !== undefined) options.push(`--timeout ${step.timeout / 1000}`)
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
    writeExpected(input.expect, writing)
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
  options.push('--body "$work/body"')
  if (body.json !== undefined && writing.isSymbolic(body.json as Json)) {
    const program = writing.jq(body.json as Json)
    writing.must(`${writing.environment()}jq -cnj ${quoteProgram(program)} >"$work/body"`)
  } else
    writing.must(
      `printf '%s' ${writing.word(body.text, input.form === undefined ? 'text' : 'form')} >"$work/body"`,
    )
}

function writeExpected(expect: Json | undefined, writing: VerbWriting): void {
  const wanted = expect === undefined ? [] : [expect].flat()
  if (wanted.every((one) => typeof one === 'number')) {
    writing.need('accept')
    writing.must(['accept', ...wanted.map(String)].join(' '))
    return
  }
  const at = writing.step.locate(['expect'])
  const expectation = writing.render(expect ?? null, ['expect'])
  const { absent, differences } = toJqExpectation(expectation, writing.jq, writing.isSymbolic, at)
  writing.need('differences')
  writing.must(
    `${writing.environment()}jq -r "$jq_definitions"${quoteProgram(`\ncompare("status"; .status; ${absent}; ${differences}), "compared"`)} "$work/response.json" >"$work/differences"`,
  )
  writing.must('differences')
}
