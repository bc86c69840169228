import { Command } from 'commander'
import type { CloudFlags } from '../cloud-flags.ts'
import { addCloudFlags, openCloud } from '../cloud-flags.ts'

/** `osrun cloud`: every value of the cloud and where it came from, secrets masked. */
export function cloudCommand(): Command {
  return addCloudFlags(new Command('cloud'))
    .description('show which cloud would be asked, and where each value comes from')
    .action(async (flags: CloudFlags) => {
      await using opened = await openCloud(flags)
      const { cloud } = opened
      const rows = cloud.origins.map(
        ({ option, value, secret, from }) => [option, secret ? '***' : value, from] as const,
      )
      const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
      process.stdout.write(`cloud ${cloud.name ?? '(from the environment)'}\n`)
      for (const [option, value, from] of rows)
        process.stdout.write(`  ${option.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${from}\n`)
      for (const note of cloud.notes) process.stderr.write(`note: ${note}\n`)
    })
}
