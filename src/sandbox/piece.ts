/** A part of a body: in memory, or in a file. */
export type Piece = Buffer | FilePiece

/** Bytes of a file that no longer changes. */
export type FilePiece = {
  /** The file's name among those of its kind. */
  readonly file: string
  readonly length: number
  /** Cuts a part out; the second end is not part of it. */
  subarray(start: number, end: number): FilePiece
  /** Reads it; a file that is shorter than it should be makes it reject. */
  read(): AsyncIterable<Buffer>
}

/** The bytes of pieces, one behind the other. */
export async function* readPieces(pieces: readonly Piece[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) yield piece
    else yield* piece.read()
  }
}

/** Cuts a range out of a body, without copying; both ends are part of it. */
export function slice(
  pieces: readonly Piece[],
  { first, last }: { readonly first: number; readonly last: number },
): readonly Piece[] {
  const found: Piece[] = []
  let start = 0
  for (const piece of pieces) {
    const end = start + piece.length
    if (end > first && start <= last)
      found.push(piece.subarray(Math.max(0, first - start), Math.min(piece.length, last + 1 - start)))
    start = end
  }
  return found
}
