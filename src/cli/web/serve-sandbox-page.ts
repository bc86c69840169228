import type { Sandbox } from '../../sandbox/sandbox.ts'
import { openCloud } from '../cloud-flags.ts'
import type { Interrupts } from '../interrupts.ts'
import { lessonFiles } from '../learn/lessons.ts'
import { cloudOfLessons } from '../lesson-cloud.ts'
import { faultBoardOf } from './sandbox-faults.ts'
import { servePage } from './serve-page.ts'

/** Serves the course as a page whose tabs share one sandbox, that of the variables, with each other and with other programs. */
export async function serveSandboxPage(
  sandbox: Sandbox,
  variables: Readonly<Record<string, string>>,
  interrupts: Interrupts,
): Promise<number> {
  const faults = await faultBoardOf(sandbox)
  const open = async () => {
    const { cloud } = await openCloud({}, variables)
    const environment = { ...process.env, ...variables }
    return {
      cloud: { ...cloud, name: 'sandbox' },
      environment,
      faults,
      [Symbol.asyncDispose]: async () => {},
    }
  }
  return servePage({
    paths: await lessonFiles(undefined),
    include: {},
    interrupts,
    clouds: () => cloudOfLessons(open),
    announce: (url) => void process.stderr.write(`The course on it, for browsers of this machine: ${url}\n`),
  })
}
