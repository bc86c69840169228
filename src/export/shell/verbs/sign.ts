import { cannotExport } from '../../cannot-export.ts'
import type { ShellVerb } from '../shell-verb.ts'

/** Refused: `openssl dgst -hmac` takes the key as an argument, where every user of the machine can read it. */
export const sign: ShellVerb = {
  write({ step }) {
    throw cannotExport(
      'The step "sign"',
      step.at,
      'No tool that scripts can count on makes an HMAC without showing its key in the list of processes.',
    )
  },
}
