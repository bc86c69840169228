import { type Command, Option } from 'commander'
import type { Replay } from '../../run/recording/replay.ts'
import { readWholeFile } from '../files/whole-file.ts'
import type { Io } from '../io.ts'
import type { OpenCloud } from '../open/sandbox-cloud.ts'
import type { CloudFlags } from './cloud-flags.ts'
import { cloudFlagNames, openCloud } from './cloud-flags.ts'

/** What the command line says of recordings. */
export type RecordingFlags = { readonly record?: string; readonly replay?: string }

/** Adds the flag that writes a recording. */
export function addRecordFlag(command: Command): Command {
  return command.option('--record <file>', 'keep all requests and answers, secrets replaced, for --replay')
}

/** Adds the flag that plays one; it stands for a cloud and for inputs. */
export function addReplayFlag(command: Command): Command {
  return command.addOption(
    new Option('--replay <file>', 'take the answers from a recording, and send nothing').conflicts([
      ...cloudFlagNames,
      'input',
      'inputs',
      'via',
      'record',
    ]),
  )
}

/** The cloud to be asked, or the recording that is replayed in its place. */
export type OpenSource = Omit<OpenCloud, 'cloud'> &
  ({ readonly cloud: OpenCloud['cloud']; readonly replay?: undefined } | ReplayedSource)

type ReplayedSource = { readonly cloud: OpenCloud['cloud'] | undefined; readonly replay: Replay }

/** Opens the recording that `--replay` names, else the cloud that the flags describe. */
export async function openSource(flags: CloudFlags & RecordingFlags, io: Io): Promise<OpenSource> {
  if (flags.replay === undefined) return openCloud(flags, io)
  const { parseRecording } = await import('../../run/recording/parse-recording.ts')
  const { openReplay } = await import('../../run/recording/replay.ts')
  const text = String(await readWholeFile(flags.replay, { what: 'recording', cwd: io.cwd }))
  const recording = parseRecording(text, flags.replay)
  return {
    cloud: recording.cloud,
    replay: openReplay(recording, flags.replay),
    environment: io.environment,
    [Symbol.asyncDispose]: async () => {},
  }
}
