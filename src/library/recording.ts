/**
 * Recordings: runs that are written down, and played again without a cloud.
 *
 * @module
 */

export { parseRecording } from '../run/recording/parse-recording.ts'
export type { Recorder } from '../run/recording/recorder.ts'
export { createRecorder } from '../run/recording/recorder.ts'
export type { Recording } from '../run/recording/recording.ts'
export type { Replay } from '../run/recording/replay.ts'
export { openReplay } from '../run/recording/replay.ts'
