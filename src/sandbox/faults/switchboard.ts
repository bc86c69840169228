import type { Service } from '../keystone/service.ts'
import type { Reply } from '../reply.ts'
import type { Asked, Effect } from './fault.ts'
import { faults } from './index.ts'
import type { FaultSetting, Switchboard } from './setting.ts'

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
  const watchers = new Set<() => void>()
  const tell = (): void => {
    for (const onChange of watchers) onChange()
  }
  const dropSpent = (): void => {
    const spent = [...active.values()].filter(({ effect }) => effect.isSpent?.())
    for (const { name } of spent) active.delete(name)
    if (spent.length > 0) tell()
  }
  const effects = (): readonly Effect[] => [...active.values()].map(({ effect }) => effect)
  return {
    on({ name, value }) {
      const fault = faults.find((one) => one.name === name)
      active.delete(name)
      if (fault) active.set(name, { name, value, effect: fault.begin(value) })
      tell()
    },
    off(name) {
      const wasOn = active.delete(name)
      if (wasOn) tell()
      return wasOn
    },
    list: () => [...active.values()].map(({ name, value }) => ({ name, value })),
    watch(onChange) {
      // Each time a function of its own: the same one may watch twice.
      const watcher = (): void => onChange()
      watchers.add(watcher)
      return { [Symbol.dispose]: () => void watchers.delete(watcher) }
    },
    clockOffset: () => effects().reduce((sum, { clockOffset = 0 }) => sum + clockOffset, 0),
    tokenLife: (usual) => effects().reduce((life, { tokenLife = life }) => tokenLife, usual),
    validationCache: () => effects().reduce((time, { validationCache = time }) => validationCache, 0),
    refusesToken() {
      const isRefused = effects().some((effect) => effect.refusesToken?.())
      dropSpent()
      return isRefused
    },
    answer(asked) {
      const reply = firstReply(effects(), asked)
      dropSpent()
      return reply
    },
    change: (reply, asked) =>
      effects().reduce((changed, effect) => effect.change?.(changed, asked) ?? changed, reply),
    catalog: (services) =>
      effects().reduce((changed, effect) => effect.catalog?.(changed) ?? changed, services),
    link: (href) => effects().reduce((changed, effect) => effect.link?.(changed) ?? changed, href),
  }
}

function firstReply(effects: readonly Effect[], asked: Asked): Reply | undefined {
  for (const effect of effects) {
    const reply = effect.answer?.(asked)
    if (reply !== undefined) return reply
  }
  return undefined
}
