/** Why what is to be kept cannot be read or written. */
export class DataProblem extends Error {
  override readonly name = 'DataProblem'
  /** Another sandbox has it; it is not what it should be; or the system refuses it, and the cause says why. */
  readonly kind: 'in use' | 'invalid' | 'unusable'

  /** @param why what goes behind a colon: "another sandbox uses it" */
  constructor(kind: DataProblem['kind'], why: string, cause?: unknown) {
    super(why, { cause })
    this.kind = kind
  }
}

/** Makes anything thrown a problem of the data. */
export function toDataProblem(error: unknown): DataProblem {
  if (error instanceof DataProblem) return error
  // What LevelDB says is the cause of an error that says what was tried.
  const { code = '', cause } = error as NodeJS.ErrnoException
  const { code: reason = code, message = '' } = (cause ?? error) as NodeJS.ErrnoException
  if (reason === 'LEVEL_LOCKED') return new DataProblem('in use', 'another sandbox uses it', error)
  if (reason === 'LEVEL_CORRUPTION' || message.includes('create_if_missing'))
    return new DataProblem('invalid', 'its database is damaged', error)
  if (reason === 'EEXIST' || reason === 'ENOTDIR') return new DataProblem('invalid', 'it is no folder', error)
  return new DataProblem('unusable', 'the system refuses it', cause ?? error)
}
