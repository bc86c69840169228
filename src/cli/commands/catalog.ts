import { Command } from 'commander'
import { OsrunError, toProblem } from '../../model/problem.ts'
import type { Token } from '../../model/token.ts'
import { describeScope } from '../../openstack/auth/describe-scope.ts'
import { officialType } from '../../openstack/catalog/service-types.ts'
import { splitVersionedUrl } from '../../openstack/versions/choose-version.ts'
import { describeVersion, findVersions } from '../../openstack/versions/find-versions.ts'
import type { ApiVersion } from '../../openstack/versions/version-document.ts'
import { combineLink } from '../../openstack/versions/version-document.ts'
import type { Session } from '../../run/connect.ts'
import { visible } from '../../util/text/visible.ts'
import { openCloud } from '../flags/cloud-flags.ts'
import type { CommandContext } from '../io.ts'
import { addSessionFlags, openSession, type SessionFlags } from '../open/session.ts'
import { listenForInterrupts } from '../terminal/interrupts.ts'
import { warnTo } from '../terminal/warn.ts'

type CatalogFlags = SessionFlags & { readonly json?: boolean; readonly versions?: boolean }

/** One endpoint of the catalog; `versions` or `problem` where its versions were asked for. */
type Row = {
  readonly type: string
  readonly name: string
  readonly region: string
  readonly interface: string
  readonly url: string
  readonly versions?: readonly ToldVersion[]
  readonly problem?: string
}

type ToldVersion = {
  readonly version: string
  readonly status: string
  readonly url?: string
  readonly min_version?: string
  readonly max_version?: string
  /** All of it in words. */
  readonly words: string
}

/** `osrun catalog`: what the cloud's token opens, with the versions of each service when they are wanted. */
export function catalogCommand({ io }: Pick<CommandContext, 'io'>): Command {
  const command = new Command('catalog')
    .description('list the services, regions, interfaces and URLs of the catalog')
    .option('--json', 'as JSON')
    .option('--versions', 'ask each service which versions of its API it has')
  return addSessionFlags(command).action(async (flags: CatalogFlags) => {
    using interrupts = listenForInterrupts(io)
    const { signal } = interrupts
    await using opened = await openCloud(flags, io)
    const { cloud, environment } = opened
    cloud.notes.forEach(warnTo(io))
    await using session = openSession({ cloud, environment, signal }, flags, io)
    const token = await session.token()
    const rows = rowsOf(token, flags)
    const told = flags.versions === true ? await withVersions(rows, { token, session, signal }) : rows
    io.stdout.write(flags.json === true ? `${jsonOf(told)}\n` : tableOf(told))
  })
}

function rowsOf({ catalog, body }: Token, { region, interface: face }: CatalogFlags): readonly Row[] {
  if (catalog === undefined || catalog.length === 0)
    throw new OsrunError('CATALOG_EMPTY', 'The service catalog is empty.', {
      hint: `The token is ${describeScope(body)}. Set OS_PROJECT_NAME or OS_PROJECT_ID.`,
    })
  const wanted = face?.replace(/URL$/, '')
  const all = catalog.flatMap(({ type, name, endpoints }) =>
    endpoints.map((one) => ({
      type,
      name,
      region: one.region ?? '',
      interface: one.interface,
      url: one.url,
    })),
  )
  const rows = all.filter(
    (row) => (region ?? row.region) === row.region && (wanted ?? row.interface) === row.interface,
  )
  if (rows.length > 0) return rows
  const regions = [...new Set(all.map((row) => row.region))].join(', ')
  const interfaces = [...new Set(all.map((row) => row.interface))].join(', ')
  throw new OsrunError('ENDPOINT_NOT_FOUND', 'The catalog has no such endpoint.', {
    hint: `It has the regions ${regions} and the interfaces ${interfaces}.`,
  })
}

type Asking = {
  readonly token: Token
  readonly session: Session
  readonly signal: AbortSignal
}

// One after the other, and each URL once.
async function withVersions(rows: readonly Row[], asking: Asking): Promise<readonly Row[]> {
  const known = new Map<string, Pick<Row, 'versions' | 'problem'>>()
  const told: Row[] = []
  for (const row of rows) {
    const found = known.get(row.url) ?? (await versionsOf(row, asking))
    known.set(row.url, found)
    told.push({ ...row, ...found })
  }
  return told
}

async function versionsOf(
  { type, url }: Row,
  { token, session, signal }: Asking,
): Promise<Pick<Row, 'versions' | 'problem'>> {
  if (officialType(type) === 'object-store') return {}
  try {
    const found = await findVersions(
      splitVersionedUrl(url, token.project?.id),
      ({ method, url: asked, headers }) =>
        session.request(method, asked, { headers, timeout: 15_000, withToken: false }),
      () => [['X-Auth-Token', token.id]],
    )
    const { url: at, versions, tried } = found
    if (at === undefined) return { problem: `no document of versions: ${tried.join(', ')}` }
    return { versions: versions.map((one) => toldVersion(one, at)) }
  } catch (error) {
    if (signal.aborted) throw error
    return { problem: toProblem(error).message }
  }
}

function toldVersion(one: ApiVersion, at: string): ToldVersion {
  const { number, status, href, microversions } = one
  return {
    version: number.join('.'),
    status,
    ...(href !== undefined && { url: combineLink(at, href) }),
    ...(microversions && { min_version: microversions.least, max_version: microversions.greatest }),
    words: describeVersion(one),
  }
}

function jsonOf(rows: readonly Row[]): string {
  return JSON.stringify(rows, (key, value) => (key === 'words' ? undefined : value), 2)
}

function tableOf(rows: readonly Row[]): string {
  const cells = [
    ['service', 'name', 'region', 'interface', 'url'],
    ...rows.map((row) => [row.type, row.name, row.region, row.interface, row.url]),
  ].map((row) => row.map(visible))
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const lines = cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  const notes = rows.map(({ versions, problem }) => problem ?? versions?.map(({ words }) => words).join(', '))
  return lines
    .flatMap((line, index) => {
      const note = notes[index - 1]
      return note === undefined ? [line] : [line, `  ${visible(note)}`]
    })
    .map((line) => `${line}\n`)
    .join('')
}
