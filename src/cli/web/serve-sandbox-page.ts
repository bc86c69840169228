import type { Sandbox } from '../../sandbox/sandbox.ts'
import { openCloud } from '../flags/cloud-flags.ts'
import type { Io } from '../io.ts'
import { lessonFiles } from '../learn/lessons.ts'
import { withEnvironment } from '../open/file-sources.ts'
import { cloudOfLessons } from '../open/lesson-cloud.ts'
import type { Interrupts } from '../terminal/interrupts.ts'
import { faultBoardOf } from './sandbox-faults.ts'
import { type PageParts, servePage } from './serve-page.ts'

/** Serves the course as a page whose tabs share one sandbox, that of the variables, with each other and with other programs. */
export async function serveSandboxPage(
  sandbox: Sandbox,
  variables: Readonly<Record<string, string>>,
  interrupts: Interrupts,
  io: Io,
): Promise<number> {
  const faults = await faultBoardOf(sandbox)
  const open = async () => {
    const { cloud } = await openCloud({}, withEnvironment(io, variables))
    const environment = { ...io.environment, ...variables }
    return {
      cloud: { ...cloud, name: 'sandbox' },
      environment,
      faults,
      [Symbol.asyncDispose]: async () => {},
    }
  }
  const page: PageParts = {
    paths: await lessonFiles(undefined, io),
    include: {},
    interrupts,
    clouds: () => cloudOfLessons(open),
    announce: (url) => void io.stderr.write(`The course on it, for browsers of this machine: ${url}\n`),
  }
  return servePage(page, io)
}
