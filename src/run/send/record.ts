import type { HttpResponse, SendOptions } from '../../model/exchange.ts'
import { OsrunError, toProblem } from '../../model/problem.ts'
import { type Body, bodyOf } from '../recording/answer-body.ts'
import { toRecordedRequest } from '../recording/recorded-request.ts'
import type { RecordedExchange, RecordedResponse } from '../recording/recording.ts'
import type { Link } from './link.ts'

/** An exchange whose body is not text yet: what is a secret in it may be known only later. */
export type KeptExchange = Omit<RecordedExchange, 'response'> & {
  readonly response?: Omit<RecordedResponse, 'text' | 'base64' | 'leftOut'> & { readonly body: Body }
}

/** Where what is sent and answered is kept. */
export type Keeping = {
  /** Epoch milliseconds. */
  now(): number
  /** Bytes of bodies that may still be kept. */
  left(): number
  keep(exchange: KeptExchange): void
}

/** Keeps everything that is sent and answered, answers as well as problems. */
export function record({ now, left, keep }: Keeping): Link {
  return (next) => async (request, details) => {
    const sent = now()
    let head: RecordedExchange['head']
    const asked = toRecordedRequest(request)
    try {
      const response = await next(request, {
        ...details,
        onHead(status, headers) {
          head = { status, headers }
          details.onHead?.(status, headers)
        },
      })
      const body = await bodyOf(request, response, left())
      keep({ request: asked, sent, ended: now(), response: { ...factsOf(response), body } })
      return response
    } catch (error) {
      const problem = toProblem(reasonOf(error, details))
      keep({ request: asked, sent, ended: now(), problem, ...(head && { head }) })
      throw error
    }
  }
}

// As the run tells it: what ended the request, if it was ended.
function reasonOf(error: unknown, { signal }: SendOptions): unknown {
  return signal.aborted && signal.reason instanceof OsrunError ? signal.reason : error
}

function factsOf(response: HttpResponse): Omit<NonNullable<KeptExchange['response']>, 'body'> {
  const { status, reason, headers, size, md5, sha256, duration, sent, sentSize } = response
  return {
    status,
    ...(reason !== undefined && { reason }),
    headers,
    size,
    md5,
    sha256,
    duration,
    ...(sent && { sent }),
    ...(sentSize !== undefined && { sentSize }),
  }
}
