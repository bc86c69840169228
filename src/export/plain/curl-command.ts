import { curlArguments } from '../../http/curl-line/curl-arguments.ts'
import type { HttpRequest } from '../../model/exchange.ts'
import type { Json } from '../../model/recipe.ts'
import { foldCommand } from './layout.ts'
import { notPlain } from './not-plain.ts'
import type { PlainWriting } from './writing.ts'

/** Where the answer goes, and whether a status of 400 and above ends the script. */
export type AnswerPlaces = {
  /** The file of the body; it is printed where there is none. */
  readonly body: string | undefined
  readonly head: boolean
  /** Puts the status into $status. */
  readonly status: boolean
  readonly fails: boolean
}

/** Writes the command that sends a request, in lines that have room for it. */
export function curlCommand(request: HttpRequest, places: AnswerPlaces, writing: PlainWriting): void {
  const { step, state, word, line } = writing
  if (request.body?.kind === 'multipart') throw notPlain('A form of several parts', step.at)
  const isHead = request.method === 'HEAD'
  const limit = step.timeout === undefined ? [] : [`-m ${Math.ceil(step.timeout / 1000)}`]
  const words = [
    `${places.status ? 'status=$(' : ''}curl -sS${places.fails ? ' -f' : ''}`,
    ...limit,
    ...(places.status ? [`-w '%{http_code}'`] : []),
    ...(isHead ? ['-I -o "$work/head"'] : places.head ? ['-D "$work/head"'] : []),
    ...(isHead || places.body === undefined || request.saveTo !== undefined
      ? []
      : [`-o "$work/${places.body}"`]),
  ]
  let maker: string | undefined
  for (const { option, value, part } of curlArguments(request, state.cloud.tls)) {
    if (option === '-i' || option === '-I' || option === '--dump-header') continue
    if (part === 'body') {
      const made = bodyOf(request, places.status ? 'status=$('.length : 0, writing)
      if (made.maker === undefined) words.push(made.words)
      else {
        maker = made.maker
        words.push(made.words)
      }
    } else if (value === undefined) words.push(option)
    else words.push(part === 'url' ? word(value) : `${option} ${word(value)}`)
  }
  const end = places.status ? ')' : ''
  if (maker === undefined) line(...foldCommand(words, end))
  else if (places.status) {
    const [first = '', ...rest] = words
    line(...foldCommand([`status=$(${maker} |`, first.replace('status=$(', ''), ...rest], end))
  } else line(...foldCommand([`${maker} |`, ...words]))
}

// A body that is known and short is an argument; any other comes through a pipe, where nobody else sees it.
function bodyOf(
  { body }: HttpRequest,
  before: number,
  { word, jq, state }: PlainWriting,
): { readonly words: string; readonly maker?: string } {
  if (body?.kind !== 'text') return { words: '' }
  const isKnown = state.placeholders.cut(body.text).every((piece) => typeof piece === 'string')
  if (isKnown && body.text.length <= 60 && !body.text.startsWith('@'))
    return { words: `--data-binary ${word(body.text)}` }
  if (body.json !== undefined && typeof body.json === 'object')
    return { words: '-d @-', maker: jq(body.json as Json, before) }
  return { words: '--data-binary @-', maker: `printf %s ${word(body.text)}` }
}
