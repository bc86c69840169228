const words: Readonly<Record<string, string>> = {
  EACCES: 'it is not allowed',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'the file may not grow any more',
  EIO: 'the terminal or the disk is gone',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is no folder',
  ENXIO: 'nothing reads from it',
  EROFS: 'nothing can be written there',
}

/** Why a file could not be read or written, in words; the system's own message for what is rare. */
export function fileTrouble(error: unknown): string {
  const { code = '', message = '' } = error as NodeJS.ErrnoException
  return (Object.hasOwn(words, code) ? words[code] : undefined) ?? message
}
