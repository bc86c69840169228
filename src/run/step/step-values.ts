import type { DataPath, Json, RecipeStep } from '../../model/recipe.ts'
import type { StepContext } from '../../model/step.ts'
import { filePathOf } from '../../recipe/template/file-path.ts'
import {
  ownValue,
  percentEncode,
  renderFilled,
  renderJson,
  renderTemplate,
} from '../../recipe/template/render-template.ts'
import { parseTemplate, type TemplateRead } from '../../recipe/template/template.ts'
import { parseDataPath } from '../../util/data-path.ts'
import { jsonText } from '../../util/parse-json.ts'
import { permitFile } from './file-permission.ts'
import type { RunParts } from './run-parts.ts'

/** What a step makes of the texts of its recipe. */
export type StepValues = Pick<
  StepContext,
  'lookup' | 'locate' | 'render' | 'renderFilled' | 'renderText' | 'renderUrl' | 'renderPath'
>

/** Makes the part of a step's context that reads names and fills templates. */
export function createStepValues(
  { values, files, directory }: Pick<RunParts, 'values' | 'files' | 'directory'>,
  { locate }: Pick<RecipeStep, 'locate'>,
): StepValues {
  const { lookup } = values
  const renderText = (value: Json, path: DataPath = []): string => {
    if (typeof value !== 'string') return toText(value)
    const at = locate(path)
    return String(renderTemplate(parseTemplate(value, at), lookup, 'text', at))
  }
  return {
    lookup: (path) => lookup(parseDataPath(path) ?? [path]),
    locate: (path) => locate(path),
    render: (value, path = []) => ownValue(renderJson(value, lookup, locate, path)),
    renderFilled: (value, path = []) => ownValue(renderFilled(value, lookup, locate, path)),
    renderText,
    renderUrl(text, path = []) {
      const at = locate(path)
      const url = String(renderTemplate(parseTemplate(text, at), lookup, 'url', at))
      return url.replace(notInUrls, (part) => percentEncode(part, true))
    },
    renderPath(value, path, use) {
      const at = locate(path)
      const text = renderText(value, path)
      const named = (read: TemplateRead): string | undefined => {
        const start = renderTemplate({ parts: [read] }, lookup, 'text', at)
        return typeof start === 'string' && files.starts.has(start) ? start : undefined
      }
      const found = filePathOf(parseTemplate(String(value), at), text, { directory, at, named })
      permitFile(found, files, { use, at })
      return found.path
    },
  }
}

// What a recipe may write in a URL and a request line cannot hold: `PUT ${endpoint}/photos/a b.jpg`.
const notInUrls = /[\s"<>\\^`{|}\u0080-\uffff]+/g

function toText(value: unknown): string {
  return typeof value === 'object' && value !== null ? jsonText(value) : String(value)
}
