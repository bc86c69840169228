import type { Recipe } from '../../model/recipe.ts'
import type { CloudFlags } from '../flags/cloud-flags.ts'
import { optionFlags } from '../flags/cloud-flags.ts'
import { faultNames, faultSettings } from '../flags/fault-flag.ts'
import type { Io } from '../io.ts'
import { type OpenCloud, openSandboxCloud } from './sandbox-cloud.ts'

/** The cloud on which lessons are given. */
export type LessonCloud = AsyncDisposable & {
  /** The cloud for a lesson; the one for the lesson before it may be gone then. */
  openFor(recipe: Recipe): Promise<OpenCloud>
}

/** One cloud for all lessons, opened when it is first asked for; one that could not be opened is tried again. */
export function cloudOfLessons<T extends AsyncDisposable>(
  open: () => Promise<T>,
): AsyncDisposable & { openFor(): Promise<T> } {
  let opened: Promise<T> | undefined
  return {
    async openFor() {
      opened ??= open()
      try {
        return await opened
      } catch (cause) {
        opened = undefined
        throw cause
      }
    },
    async [Symbol.asyncDispose]() {
      await (await opened?.catch(() => undefined))?.[Symbol.asyncDispose]()
    },
  }
}

/**
 * A sandbox for each card, with the fault that the card has the name of among its tags: that of its file is on the screen.
 */
export function cloudOfCards(flags: CloudFlags, io: Io): LessonCloud {
  let opened: OpenCloud | undefined
  const close = async (): Promise<void> => opened?.[Symbol.asyncDispose]()
  return {
    async openFor({ tags }) {
      await close()
      const names = (await faultNames()).map(({ word }) => word).filter((name) => tags.includes(name))
      const tls = tags.includes('tls')
      const faults = await faultSettings(names, { hasTls: tls })
      opened = await openSandboxCloud(optionFlags(flags), { faults, tls }, io)
      return opened
    },
    [Symbol.asyncDispose]: close,
  }
}
