import { compare } from './processes.mjs'

/** How long the command line takes to be there. */
export async function start() {
  const [empty, version, help, check] = compare(
    [
      ['node', ['-e', '0']],
      ['node', ['bin/osrun.cjs', '--version']],
      ['node', ['bin/osrun.cjs', '--help']],
      ['node', ['bin/osrun.cjs', 'check', 'recipes/object-metadata.yaml']],
    ],
    21,
  )
  return [
    { what: 'node -e 0', value: empty, unit: 'ms' },
    { what: 'osrun --version / node -e 0', value: version / empty, unit: 'x', target: { atMost: 1.5 } },
    { what: 'osrun --help / node -e 0', value: help / empty, unit: 'x', target: { atMost: 2.2 } },
    { what: 'osrun check RECIPE / node -e 0', value: check / empty, unit: 'x', target: { atMost: 2.2 } },
  ]
}
