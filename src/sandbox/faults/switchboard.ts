import type { Service } from '../keystone/catalog.ts'
import type { Reply } from '../reply.ts'
import type { Asked, Effect, FaultSetting } from './fault.ts'

/** The faults that are on, by name. */
export type Switchboard = {
  /** Switches a fault on; one that is on begins anew. */
  on(setting: FaultSetting): void
  /** Switches a fault off; false when it was not on. */
  off(name: string): boolean
  /** In the order in which they were switched on. */
  list(): readonly FaultSetting[]
}

/** A switchboard, and what its faults do together. */
export type Faults = Switchboard & {
  clockOffset(): number
  tokenLife(usual: number): number
  /** Milliseconds; 0 when services ask Keystone about a token each time. */
  validationCache(): number
  refusesToken(): boolean
  answer(asked: Asked): Reply | undefined
  change(reply: Reply, asked: Asked): Reply
  catalog(services: readonly Service[]): readonly Service[]
  link(href: string): string
}

/** A switchboard with all faults off. */
export function createFaults(): Faults {
  const active = new Map<string, FaultSetting & { readonly effect: Effect }>()
  const effects = (): readonly Effect[] => [...active.values()].map(({ effect }) => effect)
  return {
    on({ fault, value }) {
      active.delete(fault.name)
      active.set(fault.name, { fault, value, effect: fault.begin(value) })
    },
    off: (name) => active.delete(name),
    list: () => [...active.values()].map(({ fault, value }) => ({ fault, value })),
    clockOffset: () => effects().reduce((sum, { clockOffset = 0 }) => sum + clockOffset, 0),
    tokenLife: (usual) => effects().reduce((life, { tokenLife = life }) => tokenLife, usual),
    validationCache: () => effects().reduce((time, { validationCache = time }) => validationCache, 0),
    refusesToken: () => effects().some((effect) => effect.refusesToken?.()),
    answer(asked) {
      for (const effect of effects()) {
        const reply = effect.answer?.(asked)
        if (reply !== undefined) return reply
      }
      return undefined
    },
    change: (reply, asked) =>
      effects().reduce((changed, effect) => effect.change?.(changed, asked) ?? changed, reply),
    catalog: (services) =>
      effects().reduce((changed, effect) => effect.catalog?.(changed) ?? changed, services),
    link: (href) => effects().reduce((changed, effect) => effect.link?.(changed) ?? changed, href),
  }
}
