import type { RetryPolicy } from '../../../model/recipe.ts'
import { readRetry } from '../../../recipe/read/retry.ts'
import { quoteText } from '../values/words.ts'

/** The statement that lets the requests of a step be sent again; what is as usual at its end is left out. */
export function retryCall(policy: RetryPolicy): string {
  const usual = wordsOf(readRetry(policy.times))
  const words = [...wordsOf(policy)]
  while (words.length > 1 && words.at(-1) === usual[words.length - 1]) words.pop()
  return `retry ${words.map(quoteText).join(' ')}`
}

function wordsOf({ times, on, methods, delay, maxDelay }: RetryPolicy): readonly string[] {
  return [String(times), on.join(' '), methods.join(' '), String(delay / 1000), String(maxDelay / 1000)]
}
