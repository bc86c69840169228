/** What an endpoint is found by; of lists the first that is there. */
export type EndpointChoice = {
  readonly types: readonly string[]
  /** Names of interfaces. */
  readonly interfaces: readonly string[]
  /** jq that gives an interface, where none is named. */
  readonly otherInterface?: string
  /** JSON, or jq that gives a region; any unless given. */
  readonly region?: string
  readonly serviceName?: string
}

/**
 * The jq program that finds the URL of an endpoint in the answer to a login, in words that may be divided between lines; it has
 * no result where there is none.
 */
export function endpointQuery(choice: EndpointChoice): readonly string[] {
  const { types, interfaces, otherInterface, region, serviceName } = choice
  const [type] = types
  const text = (value: string): string => JSON.stringify(value)
  return [
    'first(',
    ...(interfaces.length > 1 ? [`(${interfaces.map(text).join(', ')}) as $interface |`] : []),
    ...(types.length > 1 ? [`(${types.map(text).join(', ')}) as $type |`] : []),
    '.token.catalog[]',
    `| select(.type == ${types.length > 1 || type === undefined ? '$type' : text(type)})`,
    ...(serviceName === undefined ? [] : [`| select(.name == ${text(serviceName)})`]),
    '| .endpoints[]',
    `| select(.interface == ${interfaces.length > 1 ? '$interface' : interfaces[0] === undefined ? otherInterface : text(interfaces[0])})`,
    ...(region === undefined ? [] : [`| select(.region == ${region})`]),
    '| .url)',
  ]
}

/** The jq that takes the slashes from the end of a URL, as osrun does. */
export const withoutSlashes = 'sub("/+$"; "")'
