import type { VNode } from 'preact'
import type { CurlGloss, ExchangeRecord, ShownBody } from '../../../model/event.ts'
import type { HeaderList } from '../../../model/exchange.ts'
import { durationText } from '../../../report/html/verdict.ts'
import { visible } from '../../../util/text/visible.ts'
import { Copyable } from './copy-button.tsx'
import { Fold } from './fold.tsx'
import { BodyText } from './json-text.tsx'
import { Breakable } from './step-title.tsx'

/** Headers that a lesson is about. */
const telling =
  /^(x-auth-token|x-subject-token|x-service-token|openstack-auth-receipt|www-authenticate|retry-after|location|etag|x-(?:account|container|object)-.*)$/i

/** One request and its answer. */
export function ExchangeView({
  exchange,
  curl,
  glosses,
}: {
  readonly exchange: ExchangeRecord
  readonly curl: string
  readonly glosses?: readonly CurlGloss[] | undefined
}): VNode {
  const { method, url, status, reason = '', duration, requestId, cloudMessage, problem } = exchange
  return (
    <article class="exchange">
      <h3>
        <b>{method}</b>{' '}
        <span class="url">
          <Breakable text={url} />
        </span>
      </h3>
      <CurlView curl={curl} glosses={glosses} />
      <Fold name="request" summary="Request">
        <Headers label="Headers of the request" headers={exchange.requestHeaders} />
        <Body body={exchange.requestBody} />
      </Fold>
      {status !== undefined && (
        <Fold
          name="answer"
          summary={
            <>
              Answer <StatusChip status={status} reason={reason} />{' '}
              <span class="fact">
                {durationText(duration)}
                {requestId !== undefined && ` · ${visible(requestId)}`}
              </span>
            </>
          }
        >
          {cloudMessage !== undefined && <p class="cloud-message">{visible(cloudMessage)}</p>}
          <Headers label="Headers of the answer" headers={exchange.responseHeaders ?? []} />
          <Body body={exchange.responseBody} />
        </Fold>
      )}
      {problem !== undefined && <p class="problem">{visible(problem.message)}</p>}
    </article>
  )
}

/** A curl line to be copied, and what its options are for. */
export function CurlView({
  curl,
  glosses = [],
}: {
  readonly curl: string
  readonly glosses?: readonly CurlGloss[] | undefined
}): VNode {
  return (
    <>
      <Copyable text={curl} label="the curl line" />
      {glosses.length > 0 && (
        <Fold name="glosses" summary="What each part is for" isOpen={false}>
          <dl class="glosses">
            {glosses.map(({ words, meaning }) => (
              <div>
                <dt>
                  <code>{visible(words)}</code>
                </dt>
                <dd>{visible(meaning)}</dd>
              </div>
            ))}
          </dl>
        </Fold>
      )}
    </>
  )
}

/** A status with its words, in the colour of its kind. */
export function StatusChip({
  status,
  reason = '',
}: {
  readonly status: number
  readonly reason?: string
}): VNode {
  return <span class={`answer of${Math.floor(status / 100)}`}>{visible(`${status} ${reason}`.trim())}</span>
}

function Headers({ headers, label }: { readonly headers: HeaderList; readonly label: string }): VNode | null {
  if (headers.length === 0) return null
  return (
    <dl class="headers" aria-label={label}>
      {headers.map(([name, value]) => (
        <div class={telling.test(name) ? 'telling' : undefined}>
          <dt>{visible(name)}</dt>
          <dd>{visible(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Body({ body }: { readonly body: ShownBody | undefined }): VNode | null {
  if (body === undefined) return null
  const { text, size, truncated, file, sha256 } = body
  if (text !== undefined)
    return (
      <>
        <BodyText text={text} />
        {truncated && <p class="fact">The body has {size} bytes; this is its beginning.</p>}
      </>
    )
  return (
    <p class="fact">
      {size} bytes{file !== undefined && `, ${visible(file)}`}
      {sha256 !== undefined && (
        <>
          , SHA-256 <code>{sha256}</code>
        </>
      )}
    </p>
  )
}
