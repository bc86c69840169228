import type { Cloud } from '../../model/cloud.ts'
import { OsrunError } from '../../model/problem.ts'
import { compileSchema, type Validate } from '../../recipe/schema/schema-validator.ts'
import type { RecordedCloud, RecordedExchange, RecordedRun, Recording, RecordingLine } from './recording.ts'
import { recordingVersion } from './recording.ts'
import { recordingLineSchema } from './recording-schema.ts'

type Invalid = (message: string, line: number, hint?: string) => OsrunError

/**
 * Reads a recording; `file` is what messages call it.
 *
 * @throws OsrunError RECORDING_INVALID when it is none, is cut, or has another version of the format
 */
export function parseRecording(text: string, file: string): Recording {
  const invalid: Invalid = (message, line, hint) =>
    new OsrunError('RECORDING_INVALID', `"${file}" ${message}.`, { at: { file, line, column: 1 }, hint })
  const lines = text.split('\n').map(parsedLine)
  const [first] = lines
  if (!isHeader(first)) throw invalid('is no recording', 1, 'osrun run --record FILE writes one.')
  if (first.version !== recordingVersion)
    throw invalid(
      `is a recording of version ${first.version}, and this osrun plays version ${recordingVersion}`,
      1,
      'Record it again.',
    )
  return recordingOf(checkedLines(lines, invalid), invalid)
}

// Each line when it is wanted: after the last one there is nothing to be read.
function* checkedLines(lines: readonly unknown[], invalid: Invalid): Generator<RecordingLine> {
  const validate = compileSchema(recordingLineSchema)
  for (const [index, line] of lines.entries()) {
    const number = index + 1
    if (line === undefined) throw invalid(`is cut or damaged in line ${number}`, number, 'Record it again.')
    const fault = faultOf(line, validate)
    if (fault !== undefined) throw invalid(`is no recording that can be played: ${fault}`, number)
    yield line as RecordingLine
  }
}

function recordingOf(lines: Iterable<RecordingLine>, invalid: Invalid): Recording {
  const runs: (RecordedRun & { readonly exchanges: RecordedExchange[] })[] = []
  const afterwards: RecordedExchange[] = []
  let cloud: Cloud | undefined
  let [number, count] = [0, 0]
  for (const line of lines) {
    number++
    if (line.type === 'recording') cloud = line.cloud && cloudOf(line.cloud)
    else if (line.type === 'run') {
      const { type: _type, ...run } = line
      runs.push({ ...run, exchanges: [] })
    } else if (line.type === 'exchange') {
      const { type: _type, run, ...exchange } = line
      const last = runs.at(-1)
      const its = run === '' ? afterwards : last?.run === run ? last.exchanges : undefined
      if (its === undefined) throw invalid('has an exchange that is not of the run before it', number)
      its.push(exchange)
      count++
    } else {
      if (line.exchanges === count && line.runs === runs.length) return { cloud, runs, afterwards }
      const recorded = `${line.exchanges} exchanges of ${line.runs} runs`
      throw invalid(
        `lacks lines: ${recorded} were recorded, and there are ${count} of ${runs.length}`,
        number,
      )
    }
  }
  throw invalid(`is cut after line ${number}`, number, 'Record it again.')
}

function cloudOf({ origins: valueSources, ...cloud }: RecordedCloud): Cloud {
  return { ...cloud, valueSources }
}

function parsedLine(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Told with its number, unless the recording has ended before it.
    return undefined
  }
}

function isHeader(line: unknown): line is { readonly version: unknown } {
  return (
    typeof line === 'object' &&
    line !== null &&
    'type' in line &&
    line.type === 'recording' &&
    'version' in line
  )
}

function faultOf(line: unknown, validate: Validate): string | undefined {
  // What the alternatives of a schema say of each other says nothing; the nearest to the leaf says most.
  const errors = validate(line).toSorted((a, b) => b.instancePath.length - a.instancePath.length)
  const error = errors.find(({ keyword }) => keyword !== 'not' && keyword !== 'anyOf') ?? errors[0]
  return error && `${error.instancePath || 'it'} ${error.message ?? 'is wrong'}`
}
