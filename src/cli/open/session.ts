import type { Command } from 'commander'
import { exchangeText } from '../../report/text/exchange-text.ts'
import { createPaint } from '../../report/text/paint.ts'
import { type ConnectOptions, connect, type Session } from '../../run/connect.ts'
import { visible } from '../../util/text/visible.ts'
import { addCloudFlags, type CloudFlags } from '../flags/cloud-flags.ts'
import type { Io } from '../io.ts'
import { outputOf } from '../terminal/output.ts'
import { warnTo } from '../terminal/warn.ts'
import { userAgentOf } from '../version.ts'

/** What the command line says of a cloud that a command asks without a recipe. */
export type SessionFlags = CloudFlags & { readonly verbose?: boolean }

/** Adds the flags that choose a cloud, and the one that shows what it is asked. */
export function addSessionFlags(command: Command): Command {
  return addCloudFlags(command.option('-v, --verbose', 'print the equivalent curl of each request'))
}

/** Opens a session whose requests are printed on standard error when the flags say so; warnings always are. */
export function openSession(
  options: Pick<ConnectOptions, 'cloud' | 'environment' | 'signal'>,
  { verbose }: SessionFlags,
  io: Io,
): Session {
  const { write, color } = outputOf(io.stderr, io)
  const paint = createPaint(color)
  const warn = warnTo(io)
  return connect({
    ...options,
    userAgent: userAgentOf(io),
    onEvent(event) {
      if (event.type === 'notice' && (event.level === 'warning' || verbose === true)) warn(event.message)
      if (event.type !== 'exchange' || verbose !== true) return
      write(`    ${paint.blue('$')} ${visible(event.curl)}\n`)
      write(exchangeText(event.exchange, { verbosity: 'normal', curl: true }, paint))
    },
  })
}
