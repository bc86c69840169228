import type { FormPart } from '../../model/exchange.ts'
import type { Note, RecordedBody, ShellWord } from '../conversation.ts'

/** What the options of one command have said, up to its end or to `--next`. */
export type CurlSettings = {
  method?: string
  readonly urls: ShellWord[]
  readonly headers: [name: string, value: string][]
  readonly removed: Set<string>
  readonly data: string[]
  readonly query: string[]
  readonly parts: FormPart[]
  file?: string
  /** What -T sends: a file, or the text on standard input. */
  upload?: RecordedBody
  json: boolean
  isForm: boolean
  head: boolean
  get: boolean
  globoff: boolean
  asIs: boolean
  /** There are options in a file that is not read. */
  hasConfig: boolean
  readonly outputs: (string | undefined)[]
  maxTime?: number
}

/** The settings of a command that has said nothing yet. */
export function openSettings(): CurlSettings {
  return {
    urls: [],
    headers: [],
    removed: new Set(),
    data: [],
    query: [],
    parts: [],
    json: false,
    isForm: false,
    head: false,
    get: false,
    globoff: false,
    asIs: false,
    hasConfig: false,
    outputs: [],
  }
}

/** What reading an option needs besides its value. */
export type OptionContext = {
  readonly settings: CurlSettings
  /** What standard input holds; undefined when that is not known. */
  readonly stdin: string | undefined
  readonly notes: Note[]
}
