import type { Command, Option } from 'commander'
import { createProgram, examples } from '../../src/cli/program.ts'
import { visibleCommands } from '../../src/cli/visible-commands.ts'
import { exitStatuses } from '../../src/model/error-codes.ts'
import { reportKinds } from '../../src/report/index.ts'
import { wrap } from '../../src/report/text/wrap.ts'
import { memoryIo } from '../cli/memory-io.ts'

/** When the text of the page was last revised. */
const revised = 'November 24, 2026'

/** Variables that are read besides those that a flag names. */
const environment: readonly (readonly [name: string, meaning: string])[] = [
  ['OS_*', 'Any other option of clouds.yaml, in capitals.'],
  ['OS_CLIENT_CONFIG_FILE', 'The clouds.yaml to read, instead of the first one that is found.'],
  ['OS_CLIENT_SECURE_FILE', 'The secure.yaml to read, instead of the first one that is found.'],
  [
    'OS_DISCOVERY_ENDPOINT',
    'The document of an identity provider: recipes may send credentials there, and to the token endpoint that it names.',
  ],
  ['OS_ACCESS_TOKEN_ENDPOINT', 'The token endpoint of an identity provider, for the same.'],
  ['OS_IDENTITY_PROVIDER_URL', 'An identity provider of SAML, for the same.'],
  [
    'OSRUN_INPUT_*',
    "The value of a recipe's input: OSRUN_INPUT_container is that of container. Flags and --inputs come first.",
  ],
  ['OSRUN_SANDBOX_PASSWORD', 'The password of everybody in osrun sandbox, instead of a new one each time.'],
  ['NO_COLOR', 'Not empty: no colours.'],
  ['FORCE_COLOR', 'Colours even where the output is no terminal; 0 for none. It comes before NO_COLOR.'],
  ['CI', 'Not empty: plain lines, nothing that moves.'],
  ['TERM', 'dumb: no colours, and nothing that moves.'],
  ['http_proxy', 'The proxy for http URLs; also in capitals, as the next three.'],
  ['https_proxy', 'The proxy for https URLs.'],
  ['all_proxy', 'The proxy where neither of them says one.'],
  ['no_proxy', 'Hosts that are asked without a proxy, separated by commas; * is all.'],
  ['HOME', 'Where .config/openstack is looked for.'],
  ['SHELL', 'The shell that osrun learn gives.'],
  ['ZDOTDIR', "Where zsh's start files are, for that shell."],
  ['XDG_CONFIG_HOME', 'The folder that is looked into instead of .config.'],
  ['XDG_STATE_HOME', 'The folder that is used instead of ~/.local/state.'],
  ['SNAP_REAL_HOME', 'Comes before HOME, inside a snap.'],
  ['LOCALAPPDATA', 'The folder that is looked into on Windows.'],
]

const files: readonly (readonly [name: string, meaning: string])[] = [
  ['clouds.yaml', 'The clouds: in the working folder, in ~/.config/openstack, or in /etc/openstack.'],
  ['secure.yaml', 'Their secrets, in the same places.'],
  ['clouds-public.yaml', 'Profiles of providers, in the same places.'],
  [
    '~/.local/state/osrun/ledgers',
    'What runs under way have created, and what killed runs left; for osrun sweep.',
  ],
  [
    '~/.local/state/osrun/last-failed',
    'Which recipes did not pass in the last run of some paths; for --last-failed.',
  ],
  ['~/.local/state/osrun/learn', 'How far one has come in the lessons of osrun learn.'],
]

const program = await createProgram({ io: memoryIo().io, setStatus() {} })

/**
 * The manual page osrun(1) in mdoc, out of the table that the command line is parsed by.
 * https://mandoc.bsd.lv/man/mdoc.7.html
 */
export function manPage(): string {
  const commands = visibleCommands(program)
  const lines = [
    `.Dd ${revised}`,
    '.Dt OSRUN 1',
    '.Os',
    '.Sh NAME',
    '.Nm osrun',
    '.Nd run YAML recipes against OpenStack APIs and print the curl of every request',
    '.Sh SYNOPSIS',
    '.Nm',
    '.Op Ar options',
    '.Ar recipe ...',
    ...commands.flatMap(synopsis),
    '.Sh DESCRIPTION',
    ...prose(program.description()),
    '.Pp',
    'The commands are:',
    '.Bl -tag -width Ds',
    ...commands.flatMap(commandText),
    '.El',
    '.Sh OPTIONS',
    ...options(commands),
    '.Sh ENVIRONMENT',
    ...list(variables(commands), 'Ev'),
    '.Sh FILES',
    ...list(files, 'Pa'),
    '.Sh EXIT STATUS',
    ...list(
      Object.entries(exitStatuses).map(([status, meaning]) => [status, `${meaning}.`]),
      'Sy',
    ),
    '.Sh EXAMPLES',
    ...examples.flatMap(([line, what], index) => [
      ...(index === 0 ? [] : ['.Pp']),
      ...prose(`${what.charAt(0).toUpperCase()}${what.slice(1)}:`),
      `.Dl ${escaped(line)}`,
    ]),
    '.Sh SEE ALSO',
    '.Xr curl 1 ,',
    '.Xr jq 1',
  ]
  return `${lines.join('\n')}\n`
}

function synopsis(command: Command): readonly string[] {
  return [
    '.Nm',
    `.Cm ${command.name()}`,
    ...(hasOptions(command) ? ['.Op Ar options'] : []),
    ...command.registeredArguments.map((one) => `.Ar ${one.name()}${one.variadic ? ' ...' : ''}`),
  ]
}

function commandText(command: Command): readonly string[] {
  const named = command.registeredArguments.map((one) => ` Ar ${one.name()}${one.variadic ? ' ...' : ''}`)
  return [
    `.It Cm ${command.name()}${named.join('')}`,
    ...prose(sentence(command.description())),
    ...command.registeredArguments.flatMap(({ argChoices }) =>
      argChoices === undefined ? [] : prose(`One of ${argChoices.join(', ')}.`),
    ),
  ]
}

function hasOptions(command: Command): boolean {
  return command.options.length > 0
}

// A flag that several commands have is told of once, with their names when it is not one of the first.
function options(commands: readonly Command[]): readonly string[] {
  const told = new Set<string>()
  return commands.filter(hasOptions).flatMap((command) => {
    const fresh = command.options.filter(
      (option) => !option.hidden && !told.has(`${option.flags} ${option.description}`),
    )
    for (const option of fresh) told.add(`${option.flags} ${option.description}`)
    const shared = command.options.length > fresh.length
    return [
      `.Ss ${command.name()}`,
      ...(fresh.length === 0 ? [] : ['.Bl -tag -width Ds', ...fresh.flatMap(optionText), '.El']),
      ...(shared ? prose('The options that choose a cloud are those of the commands above.') : []),
    ]
  })
}

function optionText({ short, long, flags, description, argChoices, long: name }: Option): readonly string[] {
  const value = /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1]
  const argument = value === undefined ? '' : ` Ar ${escaped(value)}`
  const names = [short, long].flatMap((one) => (one ? [`Fl ${escaped(one.slice(1))}`] : []))
  return [
    `.It ${names.join(' , ')}${argument}`,
    ...prose(sentence(description)),
    ...(argChoices === undefined ? [] : prose(`One of ${argChoices.join(', ')}.`)),
    ...(name === '--report' ? reportKinds.flatMap(({ kind, summary }) => prose(`${kind}: ${summary}.`)) : []),
  ]
}

function variables(commands: readonly Command[]): readonly (readonly [string, string])[] {
  const named = new Map<string, string>()
  for (const { options: all } of commands)
    for (const { long, description } of all)
      for (const [name] of description.matchAll(/\bOS_[A-Z_]+\b(?!\*)/g))
        if (!name.endsWith('_')) named.set(name, `As ${long}, which comes first.`)
  return [...named, ...environment]
}

function list(rows: readonly (readonly [string, string])[], macro: string): readonly string[] {
  return [
    '.Bl -tag -width Ds',
    ...rows.flatMap(([name, text]) => [`.It ${macro} ${escaped(name)}`, ...prose(text)]),
    '.El',
  ]
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?]$/.test(text) ? '' : '.'}`
}

// mdoc wants each sentence to start a line; a line that starts with a dot or an apostrophe would be a request.
function prose(text: string): readonly string[] {
  return text
    .split(/(?<=[.?;]) (?=[A-Z])/)
    .flatMap((line) => wrap(escaped(line), 80, '').split('\n'))
    .map((line) => line.replace(/^[.']/, '\\&$&'))
}

// A hyphen is a minus sign in what is to be typed; double quotes and backslashes mean something to roff.
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '\\(ga')
    .replaceAll('"', '\\(dq')
    .replaceAll('~', '\\(ti')
}
