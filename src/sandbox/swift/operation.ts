import type { Call } from '../call.ts'
import type { Place } from './place.ts'
import type { Account, Container, Store } from './store/stored.ts'

/** Whether the one who asks may read an object, or with an empty name list a container; otherwise the status. */
export type MayRead = (place: Place) => 'yes' | 401 | 403

/** Where objects are, and which of them may be read. */
export type Reader = { readonly store: Pick<Store, 'known' | 'now'>; readonly mayRead: MayRead }

/** A request that is let in: for what it is, and what may be read for it. */
export type Operation = {
  readonly call: Call
  readonly place: Place
  readonly store: Store
  readonly mayRead: MayRead
  /** The id of the domain of the account's project, where that is known. */
  readonly domain?: string | undefined
}

/** The account of a request; made when it is not there. */
export function accountOf({ place, store }: Pick<Operation, 'place' | 'store'>): Account {
  return store.account(place.account)
}

/** The container of a place; undefined when it is not there. */
export function containerAt(
  { account, container }: Place,
  store: Pick<Store, 'known'>,
): Container | undefined {
  return store.known(account)?.containers.get(container)
}

/** The container of a request; undefined when it is not there. */
export function containerOf({ place, store }: Pick<Operation, 'place' | 'store'>): Container | undefined {
  return containerAt(place, store)
}
