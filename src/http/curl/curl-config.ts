import type { HttpRequest, TlsOptions } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { CurlArgument } from '../curl-line/curl-arguments.ts'
import { curlArguments } from '../curl-line/curl-arguments.ts'
import { leastSpeed } from '../pace.ts'

/** One line of the configuration: an option of the printed line, or one of those that only the executed one has. */
type ConfigEntry = Omit<CurlArgument, 'option'> & { readonly option: string }

/** The longest line that every curl reads from a configuration, in bytes; more ends it with status 26. */
const longestLine = 100_000

/**
 * The same arguments as the printed line has, as a configuration that curl reads from a pipe: neither a URL nor a
 * header nor a path is ever in an argument list. The times are milliseconds, `timeout` for the whole exchange. What differs from the printed line:
 * the answer goes to pipes, head and body apart; a text body comes from standard input; User-Agent is sent; curl is
 * silent, speaks HTTP/1.1 as undici does, gives up after a while, and tells at the end what it did.
 * https://curl.se/docs/manpage.html#-K
 */
export function toCurlConfig(
  request: HttpRequest,
  tls: TlsOptions,
  { timeout, stillness }: { readonly timeout: number | undefined; readonly stillness: number },
): Buffer {
  const agent = headerOf(request.headers, 'User-Agent')
  const shared = curlArguments(request, tls)
  const own: readonly ConfigEntry[] = [
    // Without a value the header is not sent at all, as undici sends none of its own.
    { option: '-H', value: agent === undefined ? 'User-Agent:' : `User-Agent: ${agent}`, part: 'header' },
    { option: '--silent' },
    // How fast a body comes is seen as it comes.
    { option: '--no-buffer' },
    { option: '--http1.1' },
    { option: '--suppress-connect-headers' },
    { option: '--connect-timeout', value: '30' },
    { option: '--speed-limit', value: String(leastSpeed) },
    { option: '--speed-time', value: String(Math.ceil(stillness / 1000)) },
    // The time-out is kept by osrun; this one ends a curl that has lost its osrun.
    ...(timeout === undefined
      ? []
      : [{ option: '--max-time', value: String(Math.ceil(timeout / 1000) + 1) }]),
    { option: '--write-out', value: '%{stderr}%{json}' },
  ]
  const lines = [...shared, ...own].filter(({ part }) => part !== 'answer').map(configLine)
  const long = lines.find((line) => line.length > longestLine)
  if (long !== undefined)
    throw new OsrunError(
      'URL_INVALID',
      phrase`curl takes no URL, no header and no part of a form of more than ${longestLine} bytes.`,
      {
        hint: phrase`Without --via curl there is no such bound.`,
      },
    )
  return Buffer.concat(lines)
}

// Between quotes a backslash stands before itself, a quote, and letters that stand for control characters.
function configLine({ option, value, part }: ConfigEntry): Buffer {
  if (value === undefined) return Buffer.from(`${option}\n`)
  if (part === 'body') return Buffer.from('--data-binary "@-"\n')
  const quoted = value.replace(/[\\"]/g, '\\$&').replace(/[\n\r\t\v]/g, (one) => controls[one] ?? '')
  return Buffer.from(`${option} "${quoted}"\n`)
}

const controls: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' }
