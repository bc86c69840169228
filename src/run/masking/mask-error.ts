import { OsrunError, type Problem, toProblem } from '../../model/problem.ts'
import { maskProblem } from '../../secrets/problem-rules.ts'

/** Does it; what it throws has no secret in its texts any more, and is otherwise the same. */
export async function hideInErrors<T>(mask: (text: string) => string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw maskedError(error, mask)
  }
}

function maskedError(error: unknown, mask: (text: string) => string): unknown {
  const problem = toProblem(error)
  const masked = maskProblem(problem, mask)
  const textsOf = ({ message, hint = '', causes }: Problem): string => JSON.stringify([message, hint, causes])
  if (textsOf(masked) === textsOf(problem)) return error
  const { code, message, hint, at } = masked
  return new OsrunError(code, message, { hint, at, problems: [masked] })
}
