import type { HttpResponse } from '../../model/exchange.ts'
import { headerOf } from '../../model/exchange.ts'
import { phrase } from '../../model/phrase.ts'
import type { Problem } from '../../model/problem.ts'
import { OsrunError, toProblem } from '../../model/problem.ts'
import type { Token } from '../../model/token.ts'
import { cloudMessage } from '../../openstack/error-envelope.ts'
import { withoutEndSlashes } from '../../util/text/text-end.ts'
import type { Session } from '../connect.ts'
import { hideInErrors } from '../masking/mask-error.ts'
import { appendToLedger, removeLedger } from './ledger-file.ts'
import { type Ledger, readLedger } from './read-ledgers.ts'
import type { Creation } from './record.ts'
import { isBelow, scopeOf, withoutQuery } from './resource.ts'

/** Something that a run left, with the ledger that says so. */
export type Leftover = {
  readonly ledger: Ledger
  readonly creation: Creation
  /** What is to be deleted; undefined where only the name of it is known. */
  readonly url: string | undefined
  /** Whether the run made it without a doubt: the recipe deletes it, it has the run's id, or lies in what does. */
  readonly isOwn: boolean
}

/** What became of a leftover. */
export type Swept =
  | { readonly leftover: Leftover; readonly status: 'deleted' | 'gone' }
  | { readonly leftover: Leftover; readonly status: 'kept'; readonly problem: Problem }

/** What ledgers hold, in the order in which it is to be deleted: last made first, and nothing before what lies in it. */
export function leftoversOf(ledgers: readonly Ledger[]): readonly Leftover[] {
  const all = ledgers
    .flatMap((ledger) =>
      ledger.left.flatMap((creation) => {
        const urls = creation.deletes.length === 0 ? [undefined] : creation.deletes
        const isOwn = isOwnOf(ledger, creation)
        return urls.map((url): Leftover => ({ ledger, creation, url, isOwn })).reverse()
      }),
    )
    .reverse()
  const within = new Map<string, Leftover[]>()
  for (const one of all)
    for (const folder of foldersOf(one.url ?? '')) {
      const others = within.get(folder)
      if (others === undefined) within.set(folder, [one])
      else others.push(one)
    }
  const ordered = new Set<Leftover>()
  for (const one of all) {
    // What lies deeper is longer, so that it comes first.
    const inside = one.url === undefined ? [] : (within.get(withoutQuery(one.url)) ?? [])
    for (const other of inside.toSorted(byLength)) ordered.add(other)
    ordered.add(one)
  }
  return [...ordered]
}

// `http://host/v1/container` of `http://host/v1/container/object`, and those before it.
function foldersOf(url: string): readonly string[] {
  const path = withoutQuery(url)
  const folders: string[] = []
  for (let at = path.lastIndexOf('/'); at > 8; at = path.lastIndexOf('/', at - 1))
    folders.push(path.slice(0, at))
  return folders
}

function byLength({ url: one = '' }: Leftover, { url: other = '' }: Leftover): number {
  return other.length - one.length
}

/** Whether a token is good for what a leftover was made with: the same Keystone, the same project. */
export function isFor({ creation }: Leftover, token: Token): boolean {
  return creation.identity === token.identityUrl && creation.scope === scopeOf(token)
}

/**
 * Deletes leftovers one by one, and strikes out what is gone; one that stays stops none of the others. A ledger that
 * holds nothing any more is taken away.
 */
export async function* sweep(leftovers: readonly Leftover[], session: Session): AsyncGenerator<Swept> {
  for (const leftover of leftovers) {
    try {
      const status = await hideInErrors(session.mask, () => deleteOne(leftover, session))
      await strike(leftover)
      yield { leftover, status }
    } catch (error) {
      yield { leftover, status: 'kept', problem: toProblem(error) }
    }
  }
  for (const path of new Set(leftovers.map(({ ledger }) => ledger.path)))
    if ((await readLedger(path))?.left.length === 0) await removeLedger(path)
}

async function deleteOne(leftover: Leftover, session: Session): Promise<'deleted' | 'gone'> {
  const url = leftover.url ?? (await findByName(leftover, session))
  if (url === undefined) return 'gone'
  await refuseStrangeUrl(url, session)
  const response = await session.request('DELETE', url)
  if (response.status === 404) return 'gone'
  if (response.status >= 200 && response.status < 300) return 'deleted'
  throw refusal(`DELETE ${url}`, response)
}

// A ledger is a file: whoever wrote it is not to have more deleted than a run could have made.
async function refuseStrangeUrl(url: string, session: Session): Promise<void> {
  if (url.includes('***'))
    throw new OsrunError('URL_INVALID', `"${url}" holds a secret, which no ledger has.`, {
      hint: 'Delete it by hand.',
    })
  const { catalog = [], identityUrl } = await session.token()
  const endpoints = [identityUrl, ...catalog.flatMap(({ endpoints: all }) => all.map((one) => one.url))]
  if (endpoints.some((endpoint) => withoutEndSlashes(withoutQuery(url)) === withoutEndSlashes(endpoint)))
    throw new OsrunError(
      'URL_INVALID',
      `"${url}" is an endpoint of the catalog, and nothing that a run made.`,
    )
}

/** The URL of what has this name, in the list that it was posted to; undefined where nothing has it. */
async function findByName({ creation, isOwn }: Leftover, session: Session): Promise<string | undefined> {
  const { name, url } = creation
  const unclear = (why: string): OsrunError =>
    new OsrunError('CLEANUP_FAILED', `What ${creation.method} ${url} may have made cannot be told: ${why}.`, {
      hint: 'Look for it by hand.',
    })
  if (name === undefined) throw unclear('it has no name')
  if (!isOwn) throw unclear(`its name "${name}" does not hold the id of the run`)
  const list = withoutQuery(url)
  const response = await session.request('GET', `${list}?name=${encodeURIComponent(name)}`)
  if (response.status >= 300) throw refusal(`GET ${list}`, response)
  const found = namedIn(response, name)
  if (found === undefined) throw unclear('there is no list of the like')
  if (found.length > 1) throw unclear(`${found.length} have the name "${name}"`)
  const [id] = found
  return id === undefined ? undefined : `${list}/${encodeURIComponent(id)}`
}

// `{"servers": [{"id": …, "name": …}]}`, or the list alone.
function namedIn(response: HttpResponse, name: string): readonly string[] | undefined {
  let document: unknown
  try {
    document = JSON.parse(new TextDecoder().decode(response.body))
  } catch {
    return undefined
  }
  const lists = Array.isArray(document) ? [document] : Object.values(Object(document)).filter(Array.isArray)
  if (lists.length !== 1) return undefined
  return lists
    .flat()
    .flatMap((item: { readonly id?: unknown; readonly name?: unknown; readonly stack_name?: unknown }) =>
      typeof item?.id === 'string' && (item.name ?? item.stack_name) === name ? [item.id] : [],
    )
}

function refusal(what: string, response: HttpResponse): OsrunError {
  const type = headerOf(response.headers, 'Content-Type') ?? ''
  const told = cloudMessage(new TextDecoder().decode(response.body), type)
  return new OsrunError(
    'CLEANUP_FAILED',
    phrase`${what} was answered ${response.status}${told === undefined ? '' : phrase`: ${told}`}.`,
  )
}

async function strike({ ledger, creation, url }: Leftover): Promise<void> {
  await appendToLedger(ledger.path, {
    kind: 'gone',
    entry: creation.entry,
    ...(url !== undefined && { url }),
  })
}

function isOwnOf({ owner, left }: Ledger, creation: Creation): boolean {
  // An id that is too short to be one is in every URL.
  const hasId = owner.run.length >= 8 && `${creation.url} ${creation.name ?? ''}`.includes(owner.run)
  if (creation.deletes.length === 0) return hasId
  return (
    creation.deferred ||
    hasId ||
    left.some((other) => other.deferred && other !== creation && isBelow(creation.url, other.url))
  )
}
