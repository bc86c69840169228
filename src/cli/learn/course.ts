import { planRecipe } from '../../export/plan/plan-recipe.ts'
import type { Cloud } from '../../model/cloud.ts'
import { OsrunError } from '../../model/problem.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { GivenInputs } from '../../recipe/choose/resolve-inputs.ts'
import { resolveInputs } from '../../recipe/choose/resolve-inputs.ts'
import { variantsOf } from '../../recipe/choose/variants.ts'
import { learnCloud } from '../../run/masking/cloud-secrets.ts'
import { createMasker } from '../../secrets/masker.ts'
import { verbs } from '../../steps/index.ts'
import { visible } from '../../util/text/visible.ts'
import type { IncludeFlag } from '../flags/include-flag.ts'
import type { Io } from '../io.ts'
import { loadRecipes } from '../recipes/recipe-files.ts'
import { giveLesson, type LessonEnd } from './give-lesson.ts'
import type { Learner } from './learner.ts'
import type { Lesson } from './lesson.ts'
import { type Place, type Progress, readProgress } from './progress.ts'

/** A cloud, and what `\${env.NAME}` reads there. */
type LessonPlace = Required<Pick<Lesson['options'], 'environment'>> & { readonly cloud: Cloud }

/** What a course is given with. */
export type CourseParts = Pick<Lesson, 'onEvent'> & {
  /** How lessons are run, but for the cloud. */
  readonly options: Omit<Lesson['options'], 'cloud' | 'environment'>
  /** Opens the cloud on which a lesson is given. */
  openCloud(recipe: Recipe): Promise<LessonPlace>
  /** Opens a shell with these variables besides the environment of the cloud. */
  openShell(variables: Readonly<Record<string, string>>, place: LessonPlace): Promise<void>
  readonly files: readonly string[]
  /** Whether lessons are chosen from; else there is one recipe. */
  readonly isCourse: boolean
  readonly include: IncludeFlag
  readonly inputs: GivenInputs
  readonly learner: Learner
  /** What a recipe is called. */
  readonly noun: 'lesson' | 'card'
  /** Where it is kept how far the learner has come; nowhere where there is none. */
  readonly folder: string | undefined
  warn(message: string): void
}

/** Gives one lesson or, until the learner leaves, those that they choose; an audience is shown all. The exit status. */
export async function giveCourse(parts: CourseParts, io: Pick<Io, 'cwd'>): Promise<number> {
  const { learner, options } = parts
  const recipes = await loadRecipes(parts.files, parts.include, io)
  const progress = await readProgress({ folder: parts.folder, cwd: io.cwd }, parts.warn)
  let next = recipes.findIndex(({ file }) => !progress.of(file).isDone)
  let status = 0
  for (;;) {
    const index = await nextLesson(parts, recipes, progress, next)
    const recipe = index === undefined ? undefined : recipes[index]
    if (index === undefined || recipe === undefined) return status
    const end = await beginLesson(parts, recipe, progress)
    if (end !== undefined) {
      const { result, isLeaving } = end
      status ||=
        isLeaving && options.signal?.aborted !== true ? (result.leftovers.length > 0 ? 6 : 0) : result.exit
      if (isLeaving || options.signal?.aborted === true) return status
    }
    next = index + 1
    if (!parts.isCourse) return status
    if (end !== undefined && !learner.isAudience) learner.say('\n')
  }
}

// Undefined for whoever has had enough, and after the last one.
async function nextLesson(
  { isCourse, learner, noun }: CourseParts,
  recipes: readonly Recipe[],
  progress: Progress,
  next: number,
): Promise<number | undefined> {
  if (!isCourse) return 0
  if (learner.isAudience) return Math.max(0, next) < recipes.length ? Math.max(0, next) : undefined
  const { paint } = learner
  const lessons = recipes.map(({ file, name, practice }, index) => {
    const { steps, isDone, isPractised } = progress.of(file)
    const state = isDone
      ? practice === undefined || isPractised
        ? 'done'
        : 'done, but for the practice'
      : steps > 0
        ? 'begun'
        : undefined
    return {
      value: String(index),
      label: `${String(index + 1).padStart(2)}. ${visible(name)}${isDone ? paint.green(' ✓') : ''}`,
      ...(state !== undefined && { hint: state }),
    }
  })
  const initial = next >= 0 && next < recipes.length ? String(next) : 'leave'
  const chosen = await learner.choose(
    `Which ${noun}?`,
    [...lessons, { value: 'leave', label: 'Leave' }],
    initial === 'leave' && next < 0 ? '0' : initial,
  )
  return chosen === undefined || chosen === 'leave' ? undefined : Number(chosen)
}

async function beginLesson(
  { learner, options: common, openCloud, openShell, onEvent, inputs: given }: CourseParts,
  loaded: Recipe,
  progress: Progress,
): Promise<LessonEnd | undefined> {
  const [recipe, ...others] = variantsOf(loaded, given)
  if (recipe === undefined || others.length > 0)
    throw new OsrunError('USAGE_INVALID', `The matrix of "${loaded.file}" makes ${others.length + 1} runs.`, {
      hint: `Choose one: --input ${Object.keys(loaded.matrix).join('=… --input ')}=…`,
    })
  const before = progress.of(recipe.file)
  const first = await firstStep(recipe, before, learner)
  if (first === undefined) return undefined
  const inputs = resolveInputs(recipe, given)
  const place = await openCloud(recipe)
  const { cloud, environment } = place
  const options = { ...common, cloud, environment }
  const { steps: plan } = await planRecipe(recipe, {
    verbs,
    cloud,
    inputs,
    urlNames: learnCloud(cloud, createMasker()),
    explainCurl: false,
    sharesTokens: false,
    keepTokens: false,
  })
  const keep = (place: Place): Promise<void> => progress.set(recipe.file, place)
  const shell: Lesson['openShell'] = (variables) => openShell(variables, place)
  const lesson = { recipe, inputs, plan, options, openShell: shell, onEvent }
  return giveLesson(lesson, learner, { first, before, keep })
}

async function firstStep(
  { steps, practice }: Recipe,
  { steps: seen, isDone, isPractised }: Place,
  learner: Learner,
): Promise<number | undefined> {
  if (isDone && practice !== undefined && !isPractised) {
    const chosen = await learner.choose('You have been through this lesson.', [
      { value: 'practice', label: 'Only the practice task' },
      { value: 'again', label: 'From the beginning' },
    ])
    return chosen === undefined ? undefined : chosen === 'again' ? 0 : steps.length
  }
  if (isDone || seen === 0 || seen >= steps.length) return 0
  const chosen = await learner.choose(`You were at step ${seen + 1} of ${steps.length}.`, [
    { value: 'on', label: 'Go on there', hint: 'the steps before it are run again' },
    { value: 'again', label: 'From the beginning' },
  ])
  return chosen === undefined ? undefined : chosen === 'again' ? 0 : seen
}
