import fc from 'fast-check'

/** A folder with files of clouds, and the variables with which it is read. */
export type Folder = {
  readonly files: Readonly<Record<string, string | Uint8Array>>
  readonly environment: Readonly<Record<string, string>>
}

// Scalars as files have them: texts, what YAML 1.1 takes for something else, and what has to be quoted.
const scalar = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('demo', "'de mo'", '"d\\u00e9mo"', 'ümlaut', 'a-b_c.d', "'it''s'", '"a\\tb"'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('0123', '08', '12', '1.50', '1_000', '0x1F', '12:30', 'yes', 'off', 'True'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('"0123"', "'yes'", '!!str 12', 'a#b', 'a b # comment', '12e3', '0o17', '=x'),
  },
  { weight: 1, arbitrary: fc.constantFrom('2024-01-01', '1e400', '-0', '+1', '.5', '1.', 'n', 'NO') },
  { weight: 1, arbitrary: fc.constantFrom('null', '~', '""') },
)
const url = fc.constantFrom(
  'http://k.test/v3',
  '"https://k.test:5000/"',
  "'http://{region_name}.k.test/v3'",
  'http://k.test',
)
const domain = fc.constantFrom('default', 'Default', '"Dömain"', '12')

type Lines = readonly string[]
type Pair = readonly [key: string, lines: Lines]

const one = (key: string, value: fc.Arbitrary<string>): fc.Arbitrary<Pair> =>
  value.map((text) => [key, [`${key}: ${text}`]])
const spelt = (...keys: string[]) => fc.constantFrom(...keys)
const pair = (keys: fc.Arbitrary<string>, value: fc.Arbitrary<string>): fc.Arbitrary<Pair> =>
  keys.chain((key) => one(key, value))

const indented = (lines: Lines): Lines => lines.map((line) => `  ${line}`)
const mapping = (key: string, pairs: readonly Pair[]): Lines =>
  pairs.length === 0 ? [`${key}: {}`] : [`${key}:`, ...indented(pairs.flatMap(([, lines]) => lines))]
const distinct = (pairs: readonly Pair[]): readonly Pair[] => [
  ...new Map(pairs.map((one) => [one[0], one])).values(),
]

// What says who asks and for what, within `auth` or beside it.
const login = fc
  .tuple(
    pair(spelt('username', 'user-name', 'user_id'), scalar),
    one('password', scalar),
    fc.array(
      fc.oneof(
        pair(spelt('project_name', 'project-name', 'tenant_name', 'project_id', 'tenant_id'), scalar),
        pair(
          spelt(
            'user_domain_name',
            'user_domain_id',
            'user-domain-name',
            'project_domain_name',
            'project_domain_id',
          ),
          domain,
        ),
        pair(spelt('domain_name', 'domain_id'), domain),
      ),
      { maxLength: 4 },
    ),
  )
  .map(([user, password, more]) => distinct([user, password, ...more]))

const otherLogin = fc.constantFrom<readonly Pair[]>(
  [
    ['application_credential_id', ['application_credential_id: cred']],
    ['application_credential_secret', ['application_credential_secret: hush']],
  ],
  [['token', ['token: tok']]],
)
const typeOf = (pairs: readonly Pair[]): readonly Pair[] => {
  const [[first] = ['']] = pairs
  if (first === 'token') return [['auth_type', ['auth_type: v3token']]]
  return first.startsWith('application') ? [['auth_type', ['auth_type: v3applicationcredential']]] : []
}

const region = fc.constantFrom('R1', 'R2', '"R-3"', '"12"')
const values = fc.constantFrom<Lines>(
  ['values: {}'],
  ['values:', '  interface: internal'],
  ['values:', '  auth:', '    project_name: of-region'],
  ['values: { compute_endpoint_override: "http://c.test/", password: of-region }'],
)
const listedRegion = fc.oneof(
  { weight: 3, arbitrary: region.map((name): Lines => [`- ${name}`]) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(region, values)
      .map(([name, lines]): Lines => [`- name: ${name}`, ...lines.map((line) => `  ${line}`)]),
  },
)
const someRegions = fc.oneof(
  region.map((name): Pair => ['region_name', [`region_name: ${name}`]]),
  fc
    .array(listedRegion, { minLength: 1, maxLength: 3 })
    .map((list): Pair => ['regions', ['regions:', ...indented(list.flat())]]),
)

const regions = fc.oneof(
  { weight: 4, arbitrary: someRegions },
  { weight: 1, arbitrary: fc.constant<Pair>(['region_name', ['region_name: R1,R2']]) },
)

const beside = fc.oneof(
  pair(spelt('interface', 'endpoint_type'), fc.constantFrom('public', 'internal', 'internalURL', 'admin')),
  one('auth_type', fc.constantFrom('password', 'v3password', 'token')),
  one('identity_api_version', fc.constantFrom('3', "'3'")),
  one('verify', fc.constantFrom('false', 'no', 'true', 'False')),
  one('insecure', fc.constantFrom('true', 'True', 'false', 'yes')),
  one('cacert', fc.constantFrom('/etc/ca.pem', '~/ca.pem')),
  one('cert', fc.constantFrom('/c.pem')),
  one('key', fc.constantFrom('/k.pem')),
  one('compute_endpoint_override', fc.constantFrom('http://c.test/v2.1', '"http://{region_name}.c.test"')),
)

const profile = fc.oneof(
  { weight: 6, arbitrary: fc.constant<readonly Pair[]>([]) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('public', 'public', 'ovh', 'nowhere')
      .map((name): readonly Pair[] => [['profile', [`profile: ${name}`]]]),
  },
  { weight: 1, arbitrary: fc.constant<readonly Pair[]>([['cloud', ['cloud: public']]]) },
)

// A part of the login stands in `auth`, the other beside it; the URL may be told by a profile or by what is merged.
const entry = fc
  .tuple(
    fc.oneof({ weight: 8, arbitrary: login }, { weight: 2, arbitrary: otherLogin }),
    fc.option(one('auth_url', url), { freq: 12 }),
    fc.nat(),
    fc.array(beside, { maxLength: 3 }),
    fc.option(regions),
    profile,
    fc.constantFrom('', '', '', '', 'common', 'both', 'auth'),
  )
  .map(([pairs, address, split, more, place, known, merge]): Lines => {
    const inside = [...pairs, ...(address === null ? [] : [address])].filter(
      (_one, index) => (split >> index) % 4 > 0,
    )
    const outside = [...pairs, ...(address === null ? [] : [address])].filter(
      (_one, index) => (split >> index) % 4 === 0,
    )
    const auth = [...(merge === 'auth' ? [['<<', ['<<: *auth']] as Pair] : []), ...inside]
    const own = distinct([
      ...outside,
      ...more,
      ...typeOf(pairs),
      ...(place === null ? [] : [place]),
      ...known,
    ])
    return [
      ...(merge === 'common' ? ['<<: *common'] : []),
      ...(merge === 'both' ? ['<<: [*common, *other]'] : []),
      ...(auth.length === 0 && merge !== '' ? [] : mapping('auth', auth)),
      ...own.flatMap(([, lines]) => lines),
    ]
  })

const shared: Lines = [
  'x-auth: &auth { auth_url: http://merged.test/v3, user_domain_id: merged }',
  'x-common: &common',
  '  auth: { auth_url: http://common.test/v3, username: common, password: common, project_domain_id: default }',
  '  region_name: Common',
  'x-other: &other { region_name: Other, interface: internal }',
]

const cloudsFile = fc
  .array(entry, { minLength: 1, maxLength: 2 })
  .map(
    (entries): Lines => [
      ...shared,
      'clouds:',
      ...indented(entries.flatMap((lines, index) => [`${['mine', 'other'][index]}:`, ...indented(lines)])),
    ],
  )

const secureFile = fc
  .tuple(
    fc.constantFrom('mine', 'mine', 'mine', 'third'),
    fc.array(fc.oneof(one('password', scalar), one('username', scalar), one('project_name', scalar)), {
      minLength: 1,
      maxLength: 2,
    }),
    fc.boolean(),
  )
  .map(
    ([name, pairs, isInside]): Lines => [
      'clouds:',
      `  ${name}:`,
      ...indented(
        indented(isInside ? mapping('auth', distinct(pairs)) : distinct(pairs).flatMap(([, lines]) => lines)),
      ),
    ],
  )

const publicFile = fc
  .tuple(
    fc.option(one('auth_url', fc.constant('http://public.test/v3'))),
    fc.option(someRegions),
    fc.array(beside, { maxLength: 2 }),
  )
  .map(
    ([address, place, more]): Lines => [
      'public-clouds:',
      '  public:',
      ...indented(
        indented([
          ...mapping('auth', address === null ? [] : [address]),
          ...distinct([...(place === null ? [] : [place]), ...more]).flatMap(([, lines]) => lines),
        ]),
      ),
    ],
  )

const variable: Readonly<Record<string, fc.Arbitrary<string>>> = {
  OS_USERNAME: fc.constantFrom('envuser', '012'),
  OS_PASSWORD: fc.constantFrom('envpass', 'yes'),
  OS_PROJECT_NAME: fc.constant('envproject'),
  OS_PROJECT_ID: fc.constant('envid'),
  OS_TENANT_NAME: fc.constant('envtenant'),
  OS_USER_DOMAIN_NAME: fc.constant('EnvUsers'),
  OS_PROJECT_DOMAIN_ID: fc.constant('envdomain'),
  OS_REGION_NAME: fc.constantFrom('R1', 'R2', 'R9'),
  OS_INTERFACE: fc.constantFrom('internal', 'admin'),
  OS_IDENTITY_API_VERSION: fc.constant('3'),
  OS_CACERT: fc.constant('/env/ca.pem'),
  OS_AUTH_URL: fc.constant('http://env.test/v3'),
  OS_DEFAULT_DOMAIN: fc.constant('envdefault'),
  OS_TOKEN: fc.constant('envtoken'),
}

const environment = fc
  .tuple(
    fc.oneof(
      { weight: 20, arbitrary: fc.constant('mine') },
      { weight: 4, arbitrary: fc.constantFrom('other', 'third', 'gone', '') },
    ),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      {
        weight: 2,
        arbitrary: fc
          .subarray(Object.keys(variable), { minLength: 1, maxLength: 3 })
          .chain((names) =>
            fc.record(Object.fromEntries(names.map((name) => [name, variable[name] ?? fc.constant('')]))),
          ),
      },
    ),
  )
  .map(
    ([cloud, more]): Readonly<Record<string, string>> => ({
      ...(cloud !== '' && { OS_CLOUD: cloud }),
      ...more,
    }),
  )

// What makes a file another one as a whole.
const shapes: readonly ((text: string) => string | Uint8Array)[] = [
  (text) => `---\n${text}`,
  (text) => `\ufeff${text}`,
  (text) => `%YAML 1.1\n---\n${text}...\n`,
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => `${text}---\nclouds: {}\n`,
  (text) => `${text}---\n`,
  (text) => Buffer.from(text, 'latin1'),
  (text) => Buffer.from(text, 'utf16le'),
  (text) => text.replace('clouds:', 'clouds: &all'),
  (text) => `${text}clouds: { late: {} }\n`,
  (text) => text.replace(/\n {4}auth:/, '\n\tauth:'),
  (text) => `[${text}]`,
  () => '',
  () => 'clouds:\n',
  () => '- clouds\n',
]
const shaped = (lines: Lines): fc.Arbitrary<string | Uint8Array> => {
  const text = `${lines.join('\n')}\n`
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(text) },
    { weight: 3, arbitrary: fc.constantFrom(...shapes).map((shape) => shape(text)) },
  )
}

/** Folders with one to three files of clouds. */
export const folder: fc.Arbitrary<Folder> = fc
  .record({
    clouds: cloudsFile.chain(shaped),
    secure: fc.option(secureFile.chain(shaped), { freq: 2 }),
    public: fc.option(
      publicFile.map((lines) => `${lines.join('\n')}\n`),
      { freq: 4 },
    ),
    ending: fc.constantFrom('yaml', 'yaml', 'yml'),
    environment,
  })
  .map(({ clouds, secure, ending, environment: variables, ...more }) => ({
    files: {
      [`clouds.${ending}`]: clouds,
      ...(secure !== null && { [`secure.${ending}`]: secure }),
      ...(more.public !== null && { 'clouds-public.yaml': more.public }),
    },
    environment: variables,
  }))
