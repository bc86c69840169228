import type { VNode } from 'preact'
import { visible } from '../../../util/text/visible.ts'

/** The title of a step; that of a request as what it is, with places where the line may break. */
export function StepTitle({ title }: { readonly title: string }): VNode {
  const [, method, url] = /^([A-Z]{3,7}) (\S.*)$/.exec(title) ?? []
  if (method === undefined || url === undefined) return <>{visible(title)}</>
  return (
    <code class="request-title">
      <b>{method}</b> <Breakable text={url} />
    </code>
  )
}

/** A URL whose line may break after each slash. */
export function Breakable({ text }: { readonly text: string }): VNode {
  const parts = visible(text).split(/(?<=[/?&])(?=[^/])/)
  return (
    <>
      {parts.map((part, index) => (
        <>
          {index > 0 && <wbr />}
          {part}
        </>
      ))}
    </>
  )
}
