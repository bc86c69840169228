/** A function that answers from memory where it has been asked the same before. */
export type Remembered<Question, Answer> = ((question: Question) => Answer) & {
  /** Forgets all answers, because others would be right now. */
  forget(): void
}

/** How many answers are kept; then all are forgotten, so that a run of any length holds no more. */
const mostAnswers = 1000

/** Longer texts hardly come twice. */
const longestText = 512

/**
 * Lets a function of a text, whose answer is never undefined, look at it once: a run has the same names, URLs and headers again
 * and again. An answer during which all was forgotten is not kept.
 */
export function remembered<Answer>(answerTo: (text: string) => Answer): Remembered<string, Answer> {
  return rememberedBy((text) => text, answerTo)
}

/** As `remembered`, of questions that are the same where a text of them is; one without such a text is answered anew. */
export function rememberedBy<Question, Answer>(
  textOf: (question: Question) => string | undefined,
  answerTo: (question: Question) => Answer,
): Remembered<Question, Answer> {
  const answers = new Map<string, Answer>()
  let forgotten = 0
  const ask = (question: Question): Answer => {
    const text = textOf(question)
    if (text === undefined || text.length > longestText) return answerTo(question)
    const known = answers.get(text)
    if (known !== undefined) return known
    const before = forgotten
    const answer = answerTo(question)
    if (forgotten !== before) return answer
    if (answers.size >= mostAnswers) answers.clear()
    answers.set(text, answer)
    return answer
  }
  return Object.assign(ask, {
    forget(): void {
      forgotten++
      answers.clear()
    },
  })
}
