import type { FormPart } from '../../model/exchange.ts'

/** A stretch of a form argument; what is quoted is between double quotes, for curl and not for the shell. */
type FormStretch = { readonly text: string; readonly quoted: boolean }

/** A part of a form as curl is told: by an option and its value, which comes in stretches. */
export type FormArgument = {
  readonly option: '-F' | '--form-string'
  readonly stretches: readonly FormStretch[]
}

/**
 * How curl is told a part of a form. `--form-string` takes a text as it is; `-F` takes files, and types.
 * https://curl.se/docs/manpage.html#-F
 *
 * @param isKnown whether a text is already what it will be; another may come to hold any sign
 */
export function formArgument(part: FormPart, isKnown: (text: string) => boolean = () => true): FormArgument {
  const word = (text: string): FormStretch => ({
    text,
    // A lone - is curl's own input.
    quoted: !isKnown(text) || !/^[\w./+-]{2,}$/.test(text),
  })
  const type = part.type === undefined ? [] : [plain(`;type=${part.type}`)]
  if ('file' in part)
    return {
      option: '-F',
      stretches: [
        plain(`${part.name}=@`),
        word(part.file),
        ...type,
        ...(part.filename === undefined ? [] : [plain(';filename='), word(part.filename)]),
      ],
    }
  if (part.type !== undefined)
    return {
      option: '-F',
      stretches: [plain(`${part.name}=`), { text: part.text, quoted: true }, ...type],
    }
  const isSimple = isKnown(part.text) && /^[\w./:+-]*$/.test(part.text)
  return { option: isSimple ? '-F' : '--form-string', stretches: [plain(`${part.name}=${part.text}`)] }
}

/** The value of a form argument as one text. */
export function formValue({ stretches }: FormArgument): string {
  return stretches.map(({ text, quoted }) => (quoted ? `"${escapeQuoted(text)}"` : text)).join('')
}

/** A text as it stands between curl's double quotes. */
export function escapeQuoted(text: string): string {
  return text.replace(/[\\"]/g, '\\$&')
}

function plain(text: string): FormStretch {
  return { text, quoted: false }
}
