import type { LineCounter } from 'yaml'
import type { Position } from '../../model/problem.ts'

/** The text of a file, by the offsets of which places are known. */
export type SourceText = {
  readonly text: string
  position(start: number, length?: number): Position
}

/** Makes places of offsets; `lines` has counted the lines of the text. */
export function createSourceText(text: string, file: string, lines: LineCounter): SourceText {
  return {
    text,
    position(start: number, length = 1): Position {
      const { line, col } = lines.linePos(start)
      const from = lines.lineStarts[line - 1] ?? 0
      const next = lines.lineStarts[line]
      const source = text.slice(from, next === undefined ? undefined : next - 1).replace(/\r$/, '')
      const room = Math.max(1, source.length - col + 1)
      return { file, line, column: col, length: Math.max(1, Math.min(length, room)), source }
    },
  }
}
