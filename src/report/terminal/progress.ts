import type { SafeEvent } from '../../model/event.ts'

/** How far several runs have come, for the line that moves. */
export type Progress = {
  hear(event: SafeEvent): void
  /** What stands before what is under way, such as `12/32 · `; nothing where one recipe runs. */
  text(): string
}

/** Counts the runs that have ended of `recipes`, which is undefined where nobody knows how many there are. */
export function createProgress(recipes: number | undefined): Progress {
  let ended = 0
  return {
    hear: ({ type }) => {
      if (type === 'run:end') ended++
    },
    text: () => (recipes === undefined || recipes < 2 ? '' : `${ended}/${recipes} · `),
  }
}
