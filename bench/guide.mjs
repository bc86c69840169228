import { compare } from './processes.mjs'

/** The guide's job, whole processes: its own commands, a good script, bare undici, osrun. */
export async function guide({ environment }) {
  const [own, script, undici, osrun] = compare(
    [
      ['bash', ['bench/guide-commands.sh'], environment],
      ['bash', ['bench/guide-script.sh'], environment],
      ['node', ['bench/guide-undici.mjs'], environment],
      ['node', ['bin/osrun.cjs', 'recipes/object-metadata.yaml'], environment],
    ],
    15,
  )
  return [
    { what: "the guide's own commands", value: own, unit: 'ms' },
    { what: "osrun / the guide's own commands", value: osrun / own, unit: 'x', target: { atMost: 1 } },
    {
      what: 'osrun / one bash script with curl and jq',
      value: osrun / script,
      unit: 'x',
      target: { atMost: 1.25 },
    },
    { what: 'osrun / a script on bare undici', value: osrun / undici, unit: 'x' },
  ]
}
