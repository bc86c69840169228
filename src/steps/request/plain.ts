import { curlCommand } from '../../export/plain/curl-command.ts'
import { textLines } from '../../export/plain/expectations.ts'
import { notPlain } from '../../export/plain/not-plain.ts'
import type { PlainState } from '../../export/plain/state.ts'
import type { PlainVerb, PlainWriting } from '../../export/plain/writing.ts'
import type { Json } from '../../model/recipe.ts'
import { variableOf } from '../../util/environment-name.ts'

const refused: Readonly<Record<string, string>> = {
  'all-pages': 'A list of several pages',
  microversion: 'A microversion',
}

/** A request by curl, what is expected of its status, and what is taken out of its answer. */
export const plain: PlainVerb = async (writing) => {
  const { step, state, uses, line } = writing
  const input = (typeof step.input === 'object' ? (step.input ?? {}) : {}) as { readonly [key: string]: Json }
  for (const [key, what] of Object.entries(refused))
    if (input[key] !== undefined && input[key] !== false) throw notPlain(what, step.locate([key]))
  const asked = (await writing.symbolic()).request?.request
  if (asked === undefined) throw notPlain('This request', step.at)
  const headers = carriesToken(asked.url, input, writing)
    ? asked.headers
    : asked.headers.filter(([, value]) => !isOwnToken(value, state))
  const isHead = asked.method === 'HEAD'
  state.body = 'body'
  state.isShown = isHead
  curlCommand(
    { ...asked, headers },
    {
      body: uses.body || uses.status ? state.body : undefined,
      head: uses.headers,
      status: uses.status,
      fails: input.expect === undefined,
    },
    writing,
  )
  if (isHead) line('tr -d \'\\r\' <"$work/head" | tee "$work/headers"')
  else if (uses.headers) line('tr -d \'\\r\' <"$work/head" >"$work/headers"')
  if (input.expect !== undefined) {
    const expected = writing.render(input.expect, ['expect'])
    const looked = { subject: 'status', variable: 'status', at: step.locate(['expect']) }
    line(...textLines(expected, looked, writing.word))
  }
}

function isOwnToken(value: string, { placeholders }: PlainState): boolean {
  const [only, more] = placeholders.cut(value)
  return typeof only === 'object' && more === undefined && only.read.name === 'token'
}

// The symbolic context gives every request the token, which is for the cloud alone. Whether a URL that only the run knows leads
// there nobody can see here.
function carriesToken(
  url: string,
  { token }: { readonly [key: string]: Json },
  { step, state }: PlainWriting,
): boolean {
  if (!state.kinds.has('token')) return false
  if (typeof token === 'boolean') return token
  const [start] = state.placeholders.cut(url)
  if (typeof start === 'string') return false
  const name = variableOf(String(start?.read.path[0]))
  if (state.kinds.get(name) === 'file') return true
  throw notPlain('The token of a request whose server only the run knows', step.at)
}
