import type { Call, Header } from '../../call.ts'
import { decodePercent, headerText, isTrue, quote } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { notFound, page } from '../answer.ts'
import { listingType } from '../listing/listing-format.ts'
import type { Place } from '../place.ts'
import type { Metadata } from '../store/stored.ts'
import type { LevelRow, Settings } from './web-listing.ts'
import { disabledPage, listingPage } from './web-listing.ts'

/** Answers a request for the place as Swift does without a site: with access lists, and without what only owners see. */
export type Ask = (call: Call, place: Place) => Reply | Promise<Reply>

/** A container as a site sees it. */
export type Site = {
  /** The container's; undefined when there is none. */
  readonly metadata: Metadata | undefined
  /** Why the container may not be listed. */
  readonly refused: Reply | undefined
  readonly ask: Ask
  /** One level of the container, below the prefix. */
  list(prefix: string): readonly LevelRow[]
}

/** Whether a request is for a site: somebody without a token reads, or somebody with one says so. */
export function isForSite(call: Call, place: Place, hasToken: boolean): boolean {
  const reads = call.method === 'GET' || call.method === 'HEAD'
  return reads && place.container !== '' && (!hasToken || isWebMode(call))
}

/** Answers as a container with X-Container-Meta-Web-* does: https://docs.openstack.org/swift/latest/middleware.html#staticweb */
export async function askSite(call: Call, place: Place, path: string, site: Site): Promise<Reply> {
  const visit: Visit = {
    call,
    place,
    path: decodePercent(path) ?? path,
    site,
    settings: settingsOf(site.metadata),
  }
  if (place.object !== '') return visitObject(visit)
  if (listingType(call) === undefined) return page(406)
  const reply = await visitContainer(visit)
  const varies = [200, 204].includes(reply.status) && !call.query.has('format')
  return varies && !reply.headers.some(([name]) => name === 'Vary')
    ? { ...reply, headers: [...reply.headers, ['Vary', 'Accept']] }
    : reply
}

/** A request for a site; the path is decoded. */
type Visit = {
  readonly call: Call
  readonly place: Place
  readonly path: string
  readonly site: Site
  readonly settings: Settings
}

async function visitContainer(visit: Visit): Promise<Reply> {
  const { call, place, path, site, settings } = visit
  if (site.refused) return withErrorPage(visit, site.refused)
  if (settings.listings === '' && settings.index === '')
    return isWebMode(call) ? page(404) : site.ask(call, place)
  if (!path.endsWith('/')) return redirect(visit)
  if (settings.index === '') return listing(visit, '')
  const reply = await site.ask(call, { ...place, object: settings.index })
  if (reply.status === 404) return listing(visit, '')
  return reply.status < 400 ? reply : withErrorPage(visit, reply)
}

async function visitObject(visit: Visit): Promise<Reply> {
  const { call, place, path, site, settings } = visit
  const reply = await site.ask(call, place)
  const isFound = reply.status < 400 && !isDirectory(reply, settings.directoryType)
  if (isFound || (reply.status >= 400 && reply.status !== 404)) return reply
  if (settings.listings === '' && settings.index === '') return reply
  const hasSlash = path.endsWith('/')
  if (settings.index !== '') {
    const object = `${place.object}${hasSlash ? '' : '/'}${settings.index}`
    const index = await site.ask(call, { ...place, object })
    if (index.status < 400) return hasSlash ? index : redirect(visit)
    // Swift itself gives up on an index that is refused.
    if (index.status !== 404) return failed
  }
  if (hasSlash) return listing(visit, place.object)
  const isLevel = site.refused === undefined && site.list(`${place.object}/`).length > 0
  return isLevel ? redirect(visit) : withErrorPage(visit, notFound(call))
}

const failed: Reply = {
  status: 500,
  reason: 'Internal Error',
  headers: [['Content-Type', 'text/plain']],
  body: 'An error occurred',
}

// An empty object of this type stands for a directory.
function isDirectory({ headers, body, length }: Reply, type: string): boolean {
  const own = headers.find(([name]) => name === 'Content-Type')?.[1]
  const size =
    length ??
    (typeof body === 'string' ? body.length : (body ?? []).reduce((sum, part) => sum + part.length, 0))
  return own === type && size <= 1
}

async function listing(visit: Visit, prefix: string): Promise<Reply> {
  const { call, place, path, site, settings } = visit
  const { listingsLabel } = settings
  const label = listingsLabel === '' ? path : `${listingsLabel}/${place.object}`
  if (!isTrue(settings.listings))
    return withErrorPage(visit, html(404, disabledPage(settings, label, prefix)))
  if (site.refused) return withErrorPage(visit, site.refused)
  const rows = site.list(prefix)
  if (prefix !== '' && rows.length === 0) return withErrorPage(visit, notFound(call))
  return html(200, listingPage(settings, label, prefix, rows))
}

// The page is an object named by the status: `404error.html`. Its headers come with it.
async function withErrorPage({ call, place, site, settings }: Visit, reply: Reply): Promise<Reply> {
  if (settings.error === '') return reply
  const plain: Call = {
    ...call,
    method: 'GET',
    query: new Map(),
    header: (name) => (/^(if-.*|range)$/i.test(name) ? undefined : call.header(name)),
  }
  const own = await site.ask(plain, { ...place, object: `${reply.status}${settings.error}` })
  if (own.status >= 300) return reply
  const { reason: _, ...rest } = own
  const challenge = reply.headers.filter(
    ([name, value]) => name === 'WWW-Authenticate' && value.startsWith('Keystone'),
  )
  const size = typeof own.body === 'object' ? own.body.reduce((sum, part) => sum + part.length, 0) : 0
  return { ...rest, headers: [...own.headers, ...challenge], status: reply.status, length: size }
}

function redirect({ call }: Visit): Reply {
  const location: Header = ['Location', `${call.origin}${quote(decodePercent(call.path) ?? call.path)}/`]
  return page(301, [location])
}

function html(status: number, body: string): Reply {
  return {
    status,
    headers: [['Content-Type', 'text/html; charset=UTF-8']],
    body,
    length: Buffer.byteLength(body),
  }
}

function settingsOf(metadata: Metadata | undefined): Settings {
  const value = (name: string): string =>
    headerText(metadata?.get(`X-Container-Meta-Web-${name}`) ?? '')?.trim() ?? ''
  return {
    index: value('Index'),
    error: value('Error'),
    listings: value('Listings'),
    listingsCss: value('Listings-Css'),
    listingsLabel: value('Listings-Label'),
    directoryType: value('Directory-Type') || 'application/directory',
  }
}

function isWebMode(call: Call): boolean {
  return isTrue(call.header('X-Web-Mode'))
}
