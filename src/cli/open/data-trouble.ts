import { OsrunError } from '../../model/problem.ts'
import { fileTrouble } from '../../util/files/file-trouble.ts'

const hints = {
  'in use': 'Stop the other one, or name another folder.',
  invalid: 'Nothing in it was removed. Name a folder that is empty or not there yet.',
  unusable: 'Make room in it, or name another folder in one that is there.',
} as const

/** What a sandbox says of a folder that cannot keep it, for a user; anything else is given back. */
export function dataTrouble(folder: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'DataProblem') return error
  const { kind, message, cause } = error as Error & { readonly kind: keyof typeof hints }
  // The system has more to say of what it refuses than the sandbox.
  const isRefused = kind === 'unusable' && cause !== undefined
  const why = isRefused ? fileTrouble(cause) : message
  return new OsrunError('DATA_UNUSABLE', `The sandbox cannot be kept in "${folder}": ${why}.`, {
    hint: hints[kind],
    cause: isRefused ? cause : error,
  })
}
