import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { PlannedInput } from '../../../model/plan.ts'
import { visible } from '../../../util/text/visible.ts'
import type { Catalog } from '../catalog.ts'
import type { ContextEntry, PageState } from '../state.ts'
import { shortJson, timeUntil } from '../value-text.ts'
import { Copyable } from './copy-button.tsx'
import { Fold } from './fold.tsx'

/** What the steps share: the recipe's inputs, the token, the catalog, the endpoint and what was captured. */
export function ContextView({ state }: { readonly state: PageState }): VNode {
  const { plan, context, catalog, steps, shell } = state
  const titleOf = (id: string): string => {
    const index = plan?.steps.findIndex((step) => step.id === id) ?? -1
    return index < 0 ? (steps.find(({ key }) => key === id)?.title ?? id) : `step ${index + 1}`
  }
  return (
    <section class="context" aria-labelledby="context">
      <h2 id="context">Context</h2>
      <dl>
        {plan?.inputs.map((input) => (
          <InputEntry key={`input ${input.name}`} input={input} />
        ))}
        {context.map((entry) => (
          <Entry key={entry.name} entry={entry} from={titleOf(entry.step)} />
        ))}
        {catalog !== undefined && <CatalogEntry catalog={catalog} />}
      </dl>
      {shell !== undefined && (
        <Fold name="shell" summary="For a terminal of this machine" isOpen={false}>
          <Copyable text={shell} label="the line for a terminal" />
          <p class="fact">A shell that has run this line has all of it, $token and $endpoint too.</p>
        </Fold>
      )}
      {context.length === 0 && <p class="fact">Nothing yet: each step adds what the next ones need.</p>}
    </section>
  )
}

function InputEntry({ input: { name, value, secret } }: { readonly input: PlannedInput }): VNode {
  return (
    <div>
      <dt>
        <code>{visible(name)}</code>
      </dt>
      <dd>
        <code>{secret ? '***' : value === undefined ? '' : shortJson(value)}</code>{' '}
        <span class="fact">input</span>
      </dd>
    </div>
  )
}

function Entry({ entry, from }: { readonly entry: ContextEntry; readonly from: string }): VNode {
  const { name, value, isNew, isRevoked } = entry
  return (
    <div class={isNew ? 'new' : undefined}>
      <dt>
        <code>{visible(name)}</code>
      </dt>
      <dd>
        {isToken(value) ? <TokenText token={value} isRevoked={isRevoked} /> : <code>{shortJson(value)}</code>}{' '}
        <span class="fact">{visible(from)}</span>
      </dd>
    </div>
  )
}

type TokenFacts = { readonly expires_at: string; readonly scope: string }

function isToken(value: unknown): value is TokenFacts {
  return typeof value === 'object' && value !== null && 'expires_at' in value && 'scope' in value
}

function TokenText({ token, isRevoked }: { readonly token: TokenFacts; readonly isRevoked: boolean }): VNode {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const left = timeUntil(token.expires_at, now)
  return (
    <>
      <code>***</code> {visible(token.scope)},{' '}
      {isRevoked ? (
        <b class="revoked">revoked</b>
      ) : left === 'over' ? (
        <b class="revoked">expired</b>
      ) : (
        `expires in ${left}`
      )}
    </>
  )
}

function CatalogEntry({ catalog }: { readonly catalog: Catalog }): VNode {
  return (
    <div>
      <dt>
        <code>catalog</code>
      </dt>
      <dd>
        {catalog.map(({ type, name, endpoints }) => (
          <details class="service">
            <summary>
              <b>{visible(type)}</b>{' '}
              <span class="fact">
                {visible(name)}, {endpoints.length} endpoints
              </span>
            </summary>
            <ul>
              {endpoints.map(({ interface: side, region, url }) => (
                <li>
                  {visible(region)} {visible(side)} <code>{visible(url)}</code>
                </li>
              ))}
            </ul>
          </details>
        ))}
      </dd>
    </div>
  )
}
