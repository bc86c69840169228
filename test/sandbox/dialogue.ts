import { createHmac } from 'node:crypto'
import type { Answer } from './ask.ts'
import { parseAnswer, send } from './ask.ts'

/** A request of a dialogue: its path starts below the account; `{c}` is the container of the dialogue, `{v1}` the first version that was told of. */
export type Line = {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** Send no token. */
  readonly public?: boolean
  /** Sign the path: what is written into the query beside the signature, and what else is signed. */
  readonly sign?: {
    readonly key: string
    readonly method?: string
    readonly digest?: string
    readonly expires?: number | string
    readonly prefix?: string
    readonly query?: string
  }
}

/** A Swift to talk with. */
export type Partner = {
  readonly port: number
  /** `/v1/AUTH_...`. */
  readonly account: string
  readonly token: string
  /** The name of the dialogue's container; all have the same length. */
  readonly container: string
}

const farAway = 4_102_444_800

/** Speaks the lines one by one, and writes down what was answered, without what differs between any two runs. */
export async function speak(lines: readonly Line[], partner: Partner): Promise<string> {
  const said: string[] = []
  const versions = new Set<string>()
  for (const line of lines) {
    const filled = fill(line, partner, [...versions])
    const answer = await ask(filled, partner)
    for (const version of toldVersions(answer)) versions.add(version)
    said.push(
      `> ${line.public === true ? 'without token: ' : ''}${line.method} ${line.path}`,
      ...(line.sign ? [`> signed: ${JSON.stringify(line.sign)}`] : []),
      ...Object.entries(line.headers ?? {}).map(([name, value]) => `> ${name}: ${value}`),
      ...shown(line, answer, partner, [...versions]),
      '',
    )
  }
  return said.join('\n')
}

function toldVersions(answer: Answer): readonly string[] {
  const listed = [...answer.body.toString().matchAll(/"version_id": "(\d[^"]*)"/g)].map(([, id = '']) => id)
  const own = answer.header('X-Object-Version-Id')
  return own === undefined || own === 'null' ? listed : [own, ...listed]
}

function fill(line: Line, { account, container }: Partner, versions: readonly string[]): Line {
  const named = (text: string): string =>
    text
      .replaceAll('{c}', container)
      .replaceAll('{account}', account)
      .replaceAll(/\{v(\d+)\}/g, (_, number: string) => versions[Number(number) - 1] ?? 'unknown')
  const path = `${account}${named(line.path)}`
  return {
    ...line,
    path: line.sign ? signed(path, line.method, line.sign) : path,
    headers: Object.fromEntries(
      Object.entries(line.headers ?? {}).map(([name, value]) => [name, named(value)]),
    ),
    ...(line.body !== undefined && { body: typeof line.body === 'string' ? named(line.body) : line.body }),
  }
}

function signed(path: string, method: string, sign: NonNullable<Line['sign']>): string {
  const expires = sign.expires ?? farAway
  const seconds = typeof expires === 'number' ? expires : Date.parse(expires) / 1000
  const [, root = ''] = /^(\/v1\/[^/]+\/[^/]+\/)/.exec(path) ?? []
  const what = sign.prefix === undefined ? decodeURIComponent(path) : `prefix:${root}${sign.prefix}`
  const signature = createHmac(sign.digest ?? 'sha256', sign.key)
    .update(`${sign.method ?? method}\n${seconds}\n${what}`)
    .digest('hex')
  const prefix = sign.prefix === undefined ? '' : `&temp_url_prefix=${sign.prefix}`
  return `${path}?temp_url_sig=${signature}&temp_url_expires=${expires}${prefix}${sign.query ?? ''}`
}

async function ask(line: Line, { port, token }: Partner): Promise<Answer> {
  const body = Buffer.from(line.body ?? '')
  const headers = {
    Host: `127.0.0.1:${port}`,
    Connection: 'close',
    ...(line.public !== true && { 'X-Auth-Token': token }),
    ...(line.body !== undefined && { 'Content-Length': String(body.length) }),
    ...line.headers,
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const start = Buffer.from(`${line.method} ${line.path} HTTP/1.1\r\n${head.join('')}\r\n`)
  return parseAnswer(await send(port, Buffer.concat([start, body])))
}

function shown(line: Line, answer: Answer, partner: Partner, versions: readonly string[]): readonly string[] {
  const text = (given: string): string =>
    versions
      .reduce((one, version, index) => one.replaceAll(version, `{v${index + 1}}`), given)
      .replaceAll(partner.account.slice('/v1/'.length), 'AUTH_ID')
      .replaceAll(partner.container, '{c}')
      .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
      .replaceAll(
        /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?|\w{3}, \d\d \w{3} 20[23]\d [\d:]{8} GMT/g,
        'TIME',
      )
      .replaceAll(/\b\d{10}\.\d{5}\b/g, 'TIMESTAMP')
      .replaceAll(/"hash": "\w+"(?=[^}]*slo_etag)/g, '"hash": HASH')
      .replaceAll(/boundary=\w+|^--[\da-f]{32}/gm, 'BOUNDARY')
      // Swift asks for segments several at a time, and tells what is wrong as it comes.
      .replace(
        /("Errors": \[\[")(.+)("\]\])/,
        (_, start: string, errors: string, end: string) =>
          start + errors.split('"], ["').sort().join('"], ["') + end,
      )
  const headers = answer.headers
    .filter(([name]) => !/^(x-trans-id|x-openstack-request-id|date|connection|keep-alive)$/i.test(name))
    .map(([name, value]) =>
      hidden(line).test(name) && !value.startsWith('Swift') ? `< ${name}` : `< ${name}: ${text(value)}`,
    )
    .sort()
  return [
    `< ${answer.statusLine.slice('HTTP/1.1 '.length)}`,
    ...headers,
    ...(answer.body.length > 0 ? [text(answer.body.toString())] : []),
  ]
}

// A manifest holds its segments' times, so its hash changes; Keystone's address is of the machine.
function hidden({ path }: Line): RegExp {
  return path.includes('multipart-manifest=get')
    ? /^(x-manifest-etag|etag|www-authenticate)$/i
    : /^(x-manifest-etag|www-authenticate)$/i
}
