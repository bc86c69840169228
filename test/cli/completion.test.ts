import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { shippedNames } from '../../src/cli/recipes/shipped.ts'
import { reportKinds } from '../../src/report/index.ts'
import { completionFolder } from './completion-folder.ts'
import { runOsrun } from './osrun.ts'

const folder = completionFolder()
afterAll(() => folder[Symbol.dispose]())

async function asked(...words: readonly string[]): Promise<readonly string[]> {
  const { status, stdout, stderr } = await runOsrun(['__complete', '--', ...words], {
    OS_CLIENT_CONFIG_FILE: join(folder.path, 'clouds.yaml'),
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '')
}

describe('the program answers', () => {
  test('every command of the help, and recipes, for the first word', async () => {
    const { stdout } = await runOsrun(['--help'])
    const commands = [...(stdout.split('Commands:\n')[1]?.matchAll(/^ {2}(\w+)/gm) ?? [])].map(
      ([, name]) => name,
    )
    const shown = commands.slice(0, commands.indexOf('help') + 1)
    const names = (await shippedNames()).filter((name) => !name.includes('/'))
    expect(await asked('')).toEqual([...shown, ...names, ':recipes'])
  })
  test('every flag of the help, for each command', async () => {
    for (const command of ['run', 'check', 'cloud', 'schema', 'completion']) {
      const { stdout } = await runOsrun([command, '--help'])
      const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag)
      expect((await asked(command, '-')).toSorted()).toEqual(flags.toSorted())
    }
  })
  test.each([
    [
      ['--interface', ''],
      ['public', 'internal', 'admin'],
    ],
    [['--interface=in'], ['--interface=internal']],
    [
      ['cloud', '--cloud', ''],
      ['workshop', 'production'],
    ],
    [['--report', ''], reportKinds.map(({ kind }) => `${kind}=`)],
    [['--report', 'junit=o'], [':any']],
    [['--sandbox', '--fault', 'skew'], ['skewed-clock']],
    [['sandbox', '--fault', 'cut'], ['cut-body']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['completion', 'bash', ''], ['']],
    [
      ['learn', 'tok'],
      ['token', ':recipes'],
    ],
    [
      ['learn', '--cards', 'half'],
      ['half-a-photo', ':recipes'],
    ],
    [['--openrc', ''], [':any']],
    [
      ['--sandbox', 'a.yaml', 'auth-u'],
      ['auth-unscoped-and-rescope', ':recipes'],
    ],
    [['-qi', ''], ['']],
    [['--', '--in'], [':recipes']],
    [['run', 'package.json/absent.yaml', '--input', ''], ['']],
    [['--nonsense', '--input', ''], ['']],
  ])('osrun %j', async (words, wanted) => {
    expect(await asked(...words)).toEqual(wanted)
  })
  test('the inputs of the recipe on the line, with the values that a schema lists', async () => {
    const recipe = join(folder.path, 'shelf/my first.yaml')
    expect(await asked(recipe, '--input', '')).toEqual(['container=', 'size=', 'pin='])
    expect(await asked(recipe, '-i', 'size=l')).toEqual(['size=large'])
    expect(await asked(join(folder.path, 'shelf'), '--input=con')).toEqual(['--input=container='])
  })
  test('nothing of a clouds.yaml that cannot be read, and no complaint', async () => {
    const { status, stdout, stderr } = await runOsrun(['__complete', '--', '--cloud', ''], {
      OS_CLIENT_CONFIG_FILE: join(folder.path, 'bin'),
    })
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
  })
})
