/** A step with how long it took, in milliseconds. */
export type TimedStep = { readonly recipe: string; readonly title: string; readonly duration: number }

/** How many of the slowest steps reports tell. */
const told = 5

/** Those steps that took longest, the slowest first. */
export function slowestSteps<Step extends TimedStep>(steps: readonly Step[]): readonly Step[] {
  return steps.toSorted((a, b) => b.duration - a.duration).slice(0, told)
}
