import { OsrunError } from '../../model/problem.ts'
import { compileSchema, type Validate } from '../../recipe/schema-validator.ts'
import type { RecordedExchange, RecordedRun, Recording, RecordingLine } from './recording.ts'
import { recordingVersion } from './recording.ts'
import { recordingLineSchema } from './recording-schema.ts'

/**
 * Reads a recording; `file` is what messages call it.
 *
 * @throws OsrunError RECORDING_INVALID when it is none, when it is cut, or when another version of osrun's format
 */
export function parseRecording(text: string, file: string): Recording {
  const invalid = (message: string, line: number, hint?: string): OsrunError =>
    new OsrunError('RECORDING_INVALID', `"${file}" ${message}.`, { at: { file, line, column: 1 }, hint })
  const lines = text.split('\n')
  const validate = compileSchema(recordingLineSchema)
  const [first, ...rest] = lines.map((line) => parsedLine(line))
  if (!isHeader(first)) throw invalid('is no recording', 1, 'osrun run --record FILE writes one.')
  if (first.version !== recordingVersion)
    throw invalid(
      `is a recording of version ${first.version}, and this osrun plays version ${recordingVersion}`,
      1,
      'Record it again.',
    )
  const runs: (RecordedRun & { readonly exchanges: RecordedExchange[] })[] = []
  const afterwards: RecordedExchange[] = []
  let count = 0
  for (const [index, line] of [first, ...rest].entries()) {
    const number = index + 1
    if (line === undefined) throw invalid(`is cut or damaged in line ${number}`, number, 'Record it again.')
    const fault = faultOf(line, validate)
    if (fault !== undefined) throw invalid(`is no recording that can be played: ${fault}`, number)
    const known = line as RecordingLine
    if (known.type === 'run') {
      const { type: _type, ...run } = known
      runs.push({ ...run, exchanges: [] })
    } else if (known.type === 'exchange') {
      const { type: _type, run, ...exchange } = known
      const last = runs.at(-1)
      const its = run === '' ? afterwards : last?.run === run ? last.exchanges : undefined
      if (its === undefined) throw invalid(`has an exchange that is not of the run before it`, number)
      its.push(exchange)
      count++
    } else if (known.type === 'end') {
      if (known.exchanges !== count || known.runs !== runs.length)
        throw invalid(
          `lacks lines: ${known.exchanges} exchanges of ${known.runs} runs were recorded, and there are ${count} of ${runs.length}`,
          number,
        )
      return { cloud: (first as Pick<Recording, 'cloud'>).cloud, runs, afterwards }
    }
  }
  throw invalid(`is cut after line ${lines.length}`, lines.length, 'Record it again.')
}

function parsedLine(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Told with its number by the caller, unless the end stands before it.
    return undefined
  }
}

function isHeader(line: unknown): line is { readonly version: unknown; readonly cloud?: unknown } {
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
