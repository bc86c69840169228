import { Command } from 'commander'
import type { Cloud } from '../../model/cloud.ts'
import { describeCredentials } from '../../openstack/config/describe-credentials.ts'
import { visible } from '../../util/text/visible.ts'
import type { CloudFlags } from '../flags/cloud-flags.ts'
import { addCloudFlags, openCloud } from '../flags/cloud-flags.ts'
import type { CommandContext } from '../io.ts'
import { warnTo } from '../terminal/warn.ts'

/** `osrun cloud`: every value of the cloud and where it came from, secrets masked. */
export function cloudCommand({ io }: Pick<CommandContext, 'io'>): Command {
  return addCloudFlags(new Command('cloud'))
    .description('show which cloud would be asked, and where each value comes from')
    .action(async (flags: CloudFlags) => {
      await using opened = await openCloud(flags, io)
      const { cloud } = opened
      const lines = [
        `cloud ${cloud.name ?? `(from ${flags.openrc ?? 'the environment'})`}`,
        `  ${describeCredentials(cloud.credentials)}`,
        `  takes ${placeOf(cloud)}`,
        ...(cloud.files.length > 0 ? [`  read from ${cloud.files.join(', ')}`] : []),
        '',
        ...tableOf(cloud),
      ]
      for (const line of lines) io.stdout.write(`${visible(line)}\n`)
      cloud.notes.forEach(warnTo(io))
    })
}

function tableOf({ valueSources }: Cloud): readonly string[] {
  const rows = valueSources.map(
    ({ option, value, secret, from }) => [option, secret ? '***' : value, from] as const,
  )
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map(
    ([option, value, from]) => `  ${option.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${from}`,
  )
}

function placeOf({ credentials, interfaces, region, tls }: Cloud): string {
  const verified = tls.insecure ? ', without verifying certificates' : ''
  if (credentials.kind !== 'keystone') return `that URL as the endpoint of every service${verified}`
  const where = region === undefined ? 'of the first region in the catalog' : `of the region ${region}`
  return `${interfaces.join(' or ')} endpoints ${where}${verified}`
}
