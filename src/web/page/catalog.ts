import type { ExchangeRecord } from '../../model/event.ts'
import { parseJson } from '../../util/parse-json.ts'

/** The services that an answer of Keystone names. */
export type Catalog = readonly {
  readonly type: string
  readonly name: string
  readonly endpoints: readonly { readonly interface: string; readonly region: string; readonly url: string }[]
}[]

/** The catalog in the answer that brought a token; undefined in any other. */
export function catalogOf({ url, responseBody, status }: ExchangeRecord): Catalog | undefined {
  if (status !== 201 || responseBody?.text === undefined || !/\/auth\/tokens$/.test(url)) return undefined
  // What is no JSON, or was cut, holds no catalog that could be shown.
  const answer = parseJson(responseBody.text) as
    | { readonly token?: { readonly catalog?: unknown } }
    | undefined
  const services = answer?.token?.catalog
  return Array.isArray(services) ? services.map(serviceOf) : undefined
}

function serviceOf(service: unknown): Catalog[number] {
  const { type, name, endpoints } = fields(service)
  return {
    type: String(type),
    name: String(name ?? ''),
    endpoints: (Array.isArray(endpoints) ? endpoints : []).map((endpoint: unknown) => {
      const { interface: side, region, region_id, url } = fields(endpoint)
      return { interface: String(side), region: String(region_id ?? region ?? ''), url: String(url) }
    }),
  }
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}
