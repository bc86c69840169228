/** Why a folder cannot keep the sandbox's state; the message is a sentence without the folder. */
export class DataError extends Error {
  override readonly name = 'DataError'
}
