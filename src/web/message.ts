import type { SafeEvent } from '../model/event.ts'
import type { Plan } from '../model/plan.ts'
import type { Problem } from '../model/problem.ts'
import type { Practice, Quiz } from '../model/recipe.ts'

/** A recipe as the list of the page shows it. */
export type Lesson = {
  /** Its place in the list, from 0. */
  readonly id: number
  readonly name: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly file: string
}

/** How far the run of a page is. */
export type RunState =
  /** Nothing has been run since the recipe was opened. */
  | { readonly at: 'start' }
  /** Waits before a step of the recipe. */
  | { readonly at: 'step'; readonly step: string }
  /** All steps have passed; before it cleans up, the task can be done with what they made. */
  | { readonly at: 'task' }
  /** A step is under way, or cleaning up is. */
  | { readonly at: 'work' }
  /** A step asks something and waits. */
  | { readonly at: 'question'; readonly text: string }
  | { readonly at: 'end' }

/** A recipe that is open, at its start. */
export type OpenedLesson = {
  /** Its id in the list. */
  readonly lesson: number
  readonly plan: Plan
  /** By the id of the step before which it is asked. */
  readonly quizzes: Readonly<Record<string, Quiz>>
  readonly practice?: Pick<Practice, 'task' | 'hint' | 'question'>
}

/** Something that can be broken on purpose in the cloud of a page. */
export type FaultSwitch = {
  readonly name: string
  /** One sentence: what is broken while it is on. */
  readonly summary: string
  /** The value unless another is given; undefined where it takes none. */
  readonly usual?: string
  /** Undefined while it is off; empty where it takes none. */
  readonly value?: string
}

/** What the server tells a page: one server-sent event each, as JSON. */
export type PageMessage =
  /** The first of every connection: forget what was told before. */
  | { readonly type: 'lessons'; readonly lessons: readonly Lesson[] }
  /** A recipe was opened, or put back to its start: forget its run. */
  | ({ readonly type: 'opened' } & OpenedLesson)
  | { readonly type: 'event'; readonly event: SafeEvent }
  | { readonly type: 'state'; readonly state: RunState }
  /** A line for a terminal of this machine, whose shell then has the variables that curl lines read. */
  | { readonly type: 'shell'; readonly command: string }
  /** Whether the task at the end of the recipe is done, and what is missing where it is not. */
  | { readonly type: 'practice'; readonly isDone: boolean; readonly problem?: Problem }
  /** What can be broken in the cloud, and what is, where the page may switch it. */
  | { readonly type: 'faults'; readonly faults: readonly FaultSwitch[] }
  | { readonly type: 'problem'; readonly problem: Problem }

/** What a page asks the server for. */
export type PageAction =
  /** Opens a recipe at its start, with values of its inputs as text; what ran before is cleaned up. */
  | { readonly type: 'open'; readonly lesson: number; readonly inputs?: Readonly<Record<string, string>> }
  /** Runs the next step, or all that are left. */
  | { readonly type: 'step' }
  | { readonly type: 'all' }
  /** Ends the run, cleans up, and puts the recipe back to its start. */
  | { readonly type: 'reset' }
  /** Goes on after a question. */
  | { readonly type: 'answer' }
  /** Looks whether the task is done, with the learner's answer where it asks for one. */
  | { readonly type: 'check'; readonly answer?: string }
  /** Breaks something in the cloud, with the usual value unless another is given, or mends it. */
  | { readonly type: 'break'; readonly fault: string; readonly value?: string }
  | { readonly type: 'mend'; readonly fault: string }
  /** The page is closed, or loaded again. */
  | { readonly type: 'leave' }
