/** Colours a text, or leaves it as it is. */
export type Paint = Readonly<
  Record<'red' | 'green' | 'yellow' | 'blue' | 'dim' | 'bold', (text: string) => string>
> & { readonly isColored: boolean }

/** The colours of a terminal, or none. https://en.wikipedia.org/wiki/ANSI_escape_code#SGR */
export function createPaint(color: boolean): Paint {
  const style = (open: number, close: number) => (text: string) =>
    color ? `\u001b[${open}m${text}\u001b[${close}m` : text
  return {
    isColored: color,
    red: style(31, 39),
    green: style(32, 39),
    yellow: style(33, 39),
    blue: style(36, 39),
    dim: style(2, 22),
    bold: style(1, 22),
  }
}
