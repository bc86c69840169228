import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** A file that is being written: nobody sees it in its place before it is whole. */
export type FileDraft = {
  /** The bytes are on their way to the disk when it returns. */
  write(bytes: Uint8Array): void
  /** Puts the file in its place; a link that is there is replaced, not followed. */
  finish(): void
  /** Throws away what was written, if anything is left of it. Never throws. */
  discard(): void
}

/**
 * Begins to write the file at `path`: beside it, under a name that nobody can guess, so that no link can be laid there and two
 * processes never mix their bytes. A device, a pipe, and what /dev/stdout and its like lead to are written into instead. A new
 * file has this mode; one that is replaced keeps its own, unless the new one is for its owner alone. Throws Node's own errors.
 */
export function openDraft(path: string, mode?: number): FileDraft {
  const place = placeOf(path, mode)
  const file = place.draft === undefined ? openStream(path) : openSync(place.draft, draftFlags, place.mode)
  let isOpen = true
  const close = (): void => {
    if (isOpen) closeSync(file)
    isOpen = false
  }
  return {
    write(bytes) {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    },
    finish() {
      if (place.kept !== undefined) fchmodSync(file, place.kept)
      close()
      if (place.draft !== undefined) renameSync(place.draft, path)
    },
    discard() {
      try {
        close()
        if (place.draft !== undefined) rmSync(place.draft, { force: true })
      } catch {
        // A full or lost disk: what failed before this is the news.
        isOpen = false
      }
    },
  }
}

/** Writes a whole file as `openDraft` does, without holding up what goes on meanwhile. Rejects with Node's own errors. */
export async function writeWhole(path: string, text: string | Uint8Array, mode?: number): Promise<void> {
  const { draft, ...place } = placeOf(path, mode)
  try {
    const file = await (draft === undefined ? openHeard(path) : open(draft, draftFlags, place.mode))
    try {
      await file.writeFile(text)
      if (place.kept !== undefined) await file.chmod(place.kept)
    } finally {
      await file.close()
    }
    if (draft !== undefined) await rename(draft, path)
  } catch (error) {
    // What keeps it from being removed is what kept it from being written, and that is told.
    if (draft !== undefined) await rm(draft, { force: true }).catch(() => {})
    throw error
  }
}

/** Sees whether a file could be written at `path`, and leaves nothing behind. Throws Node's own errors. */
export function tryPlace(path: string): void {
  const { draft } = placeOf(path)
  // To open a pipe and to close it again would be its end.
  if (draft === undefined) return
  try {
    closeSync(openSync(draft, draftFlags, 0o600))
  } finally {
    rmSync(draft, { force: true })
  }
}

const draftFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
// What was written to a redirected standard output before stays.
const streamFlags = constants.O_WRONLY | constants.O_APPEND

type Place = {
  /** Where it is written before it is whole; undefined where it is written into what is there. */
  readonly draft: string | undefined
  readonly mode: number
  /** The mode of the file that it replaces. */
  readonly kept: number | undefined
}

function placeOf(path: string, mode = 0o666): Place {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found !== undefined && isStream(path, found)) return { draft: undefined, mode, kept: undefined }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    throw Object.assign(new Error(`EISDIR: illegal operation on a directory, open '${path}'`), {
      code: 'EISDIR',
    })
  const draft = join(dirname(path), `.osrun-${randomBytes(8).toString('hex')}.part`)
  return { draft, mode, kept: found?.isFile() === true && mode !== 0o600 ? found.mode & 0o777 : undefined }
}

// Links to the streams of a process lie there: https://man7.org/linux/man-pages/man4/fd.4.html
function isStream(path: string, found: Stats): boolean {
  if (found.isSymbolicLink()) return /^(\/dev|\/proc\/.*\/fd)$/.test(realpathSync(dirname(path)))
  return !found.isFile() && !found.isDirectory()
}

// A pipe that nobody reads would keep the process from its end; who starts its reader at the same time has a moment for that.
async function openHeard(path: string): Promise<FileHandle> {
  for (let attempt = 0; ; attempt++)
    try {
      const probe = await open(path, streamFlags | constants.O_NONBLOCK)
      try {
        return await open(path, streamFlags)
      } finally {
        await probe.close()
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO' || attempt === mostAttempts) throw error
      await setTimeout(100)
    }
}

/** For how many tenths of a second a pipe may have no reader. */
const mostAttempts = 20

// A pipe that nobody reads would hold up the whole process: it is told with ENXIO.
function openStream(path: string): number {
  const probe = openSync(path, streamFlags | constants.O_NONBLOCK)
  try {
    return openSync(path, streamFlags)
  } finally {
    closeSync(probe)
  }
}
