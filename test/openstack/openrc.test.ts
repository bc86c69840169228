import { describe, expect, test } from 'vitest'
import type { OsrunError } from '../../src/model/problem.ts'
import { loadOpenrcReader } from '../../src/openstack/openrc/parse-openrc.ts'
import { dialects } from './openrc-dialects.ts'
import { shell, values } from './openrc-values.ts'

const parseOpenrc = await loadOpenrcReader()

function read(text: string, environment: Readonly<Record<string, string>> = {}) {
  const { values, unset, asked } = parseOpenrc(text, 'rc', environment)
  return {
    values: Object.fromEntries([...values].map(([name, { value }]) => [name, value])),
    unset: [...unset],
    asked: [...asked],
  }
}

describe('the dialects', () => {
  test('Horizon', () => {
    const text = String.raw`#!/usr/bin/env bash
# To use an OpenStack cloud you need to authenticate against the Identity service's "API".
export OS_AUTH_URL=https://keystone.test:5000/v3
export OS_PROJECT_ID=0123abc
export OS_PROJECT_NAME="a \"quoted\" \$name"
export OS_USER_DOMAIN_NAME="Default"
if [ -z "$OS_USER_DOMAIN_NAME" ]; then unset OS_USER_DOMAIN_NAME; fi
export OS_PROJECT_DOMAIN_ID=""
if [ -z "$OS_PROJECT_DOMAIN_ID" ]; then unset OS_PROJECT_DOMAIN_ID; fi
# unset v2.0 items in case set
unset OS_TENANT_ID
unset OS_TENANT_NAME
export OS_USERNAME="me"
echo "Please enter your OpenStack Password for project $OS_PROJECT_NAME as user $OS_USERNAME: "
read -sr OS_PASSWORD_INPUT
export OS_PASSWORD=$OS_PASSWORD_INPUT
export OS_REGION_NAME="RegionOne"
# Don't leave a blank variable, unset it if it was empty
if [ -z "$OS_REGION_NAME" ]; then unset OS_REGION_NAME; fi
export OS_INTERFACE=public
export OS_IDENTITY_API_VERSION=3
`
    const before = { OS_PROJECT_DOMAIN_ID: 'd', OS_TENANT_ID: 't', OS_TENANT_NAME: 'n', OS_OTHER: 'o' }
    expect(read(text, before)).toEqual({
      values: {
        OS_AUTH_URL: 'https://keystone.test:5000/v3',
        OS_PROJECT_ID: '0123abc',
        OS_PROJECT_NAME: 'a "quoted" $name',
        OS_USER_DOMAIN_NAME: 'Default',
        OS_USERNAME: 'me',
        OS_REGION_NAME: 'RegionOne',
        OS_INTERFACE: 'public',
        OS_IDENTITY_API_VERSION: '3',
      },
      unset: ['OS_PROJECT_DOMAIN_ID', 'OS_TENANT_ID', 'OS_TENANT_NAME'],
      asked: ['OS_PASSWORD_INPUT', 'OS_PASSWORD'],
    })
  })

  test("Horizon's application credential", () => {
    const text = `#!/usr/bin/env bash

export OS_AUTH_TYPE=v3applicationcredential
export OS_AUTH_URL=https://keystone.test:5000/v3
export OS_IDENTITY_API_VERSION=3
export OS_REGION_NAME="RegionOne"
export OS_INTERFACE=public
export OS_APPLICATION_CREDENTIAL_ID=a1
export OS_APPLICATION_CREDENTIAL_SECRET=s-_e
`
    expect(read(text)).toMatchObject({
      values: {
        OS_AUTH_TYPE: 'v3applicationcredential',
        OS_APPLICATION_CREDENTIAL_ID: 'a1',
        OS_APPLICATION_CREDENTIAL_SECRET: 's-_e',
      },
      asked: [],
    })
  })

  const kolla = `# Ansible managed

# Clear any old environment that may conflict.
for key in $( set | awk '{FS="="}  /^OS_/ {print $1}' ); do unset $key ; done
export OS_AUTH_PLUGIN='password'
export OS_PASSWORD='it'"'"'s'
export OS_CACERT='/etc/ssl/ca.crt'
`
  test('kolla', () => {
    const text = `${kolla}export OS_PROJECT_NAME='admin'\nexport OS_TENANT_NAME='admin'\nexport OS_ENDPOINT_TYPE='internalURL'\n`
    expect(read(text, { OS_PROJECT_NAME: 'other', OS_PROJECT_ID: 'p', PATH: '/bin' })).toMatchObject({
      values: {
        OS_AUTH_PLUGIN: 'password',
        OS_PASSWORD: "it's",
        OS_CACERT: '/etc/ssl/ca.crt',
        OS_PROJECT_NAME: 'admin',
        OS_TENANT_NAME: 'admin',
        OS_ENDPOINT_TYPE: 'internalURL',
      },
      unset: ['OS_PROJECT_ID'],
    })
  })

  test("kolla's -system", () => {
    expect(read(`${kolla}export OS_SYSTEM_SCOPE='all'\n`, { OS_PROJECT_ID: 'p' })).toMatchObject({
      values: { OS_SYSTEM_SCOPE: 'all' },
      unset: ['OS_PROJECT_ID'],
    })
  })

  test('the loop of kolla over several lines forgets what stood before it', () => {
    const loop = 'for key in $( set | grep ^OS_ | cut -d= -f1 )\ndo\n  unset $key\ndone'
    const text = `export OS_A=1\nexport B=2\n${loop}\nexport OS_C=$OS_D\n`
    expect(read(text, { OS_D: 'gone' })).toMatchObject({ values: { B: '2', OS_C: '' }, unset: ['OS_D'] })
  })

  test('OVHcloud', () => {
    const text = `#!/bin/bash
export OS_AUTH_URL=https://auth.cloud.ovh.net/v3/
export OS_IDENTITY_API_VERSION=3
export OS_USER_DOMAIN_NAME=\${OS_USER_DOMAIN_NAME:-"Default"}
export OS_PROJECT_DOMAIN_NAME=\${OS_PROJECT_DOMAIN_NAME:-"Default"}
export OS_TENANT_ID=0123abc
export OS_TENANT_NAME="0123456789"
export OS_USERNAME="user-x"
echo "Please enter your OpenStack Password: "
read -sr OS_PASSWORD_INPUT
export OS_PASSWORD=$OS_PASSWORD_INPUT
export OS_REGION_NAME="GRA11"
if [ -z "$OS_REGION_NAME" ]; then unset OS_REGION_NAME; fi
`
    expect(read(text, { OS_PROJECT_DOMAIN_NAME: 'Own' })).toMatchObject({
      values: {
        OS_AUTH_URL: 'https://auth.cloud.ovh.net/v3/',
        OS_USER_DOMAIN_NAME: 'Default',
        OS_PROJECT_DOMAIN_NAME: 'Own',
        OS_TENANT_ID: '0123abc',
        OS_TENANT_NAME: '0123456789',
        OS_REGION_NAME: 'GRA11',
      },
      asked: ['OS_PASSWORD_INPUT', 'OS_PASSWORD'],
    })
  })
})

test.each(dialects)('the file of %s is read, or refused with its line', (_tool, text, refused) => {
  let line: number | undefined
  try {
    parseOpenrc(text, 'rc', { http_proxy: 'http://proxy.test', OS_TENANT_ID: 't' })
  } catch (error) {
    line = (error as OsrunError).at?.line
  }
  expect(line).toBe(refused)
})

test.each([
  ['read OS_PASSWORD', ['OS_PASSWORD']],
  ['read -s OS_PASSWORD', ['OS_PASSWORD']],
  ['read -sr OS_PASSWORD', ['OS_PASSWORD']],
  ['read -r -s -p "The password for me: " OS_PASSWORD', ['OS_PASSWORD']],
  ["read -rsp 'Password of OS_USERNAME; then' OS_PASSWORD; echo", ['OS_PASSWORD']],
  ['read OS_USERNAME OS_PASSWORD', ['OS_USERNAME', 'OS_PASSWORD']],
  ['stty -echo; read P; stty echo; export OS_PASSWORD="$P"', ['P', 'OS_PASSWORD']],
])('`%s` asks', (line, asked) => {
  expect(read(line)).toMatchObject({ values: {}, asked })
})

test.each([
  ...values,
  ['a Windows line end', 'export A\r\nA=b\r\nif [ -z "$A" ]; then\r\nA=c\r\nfi\r\n', 'b'],
  ['a byte order mark', '\uFEFFexport A=b', 'b'],
] as const)('a value: %s', (_name, text, value) => {
  expect(read(text.includes('export A') ? text : `export A\n${text}`, shell).values.A).toBe(value)
})

test.each([
  ['if [ -z "$A" ]; then B=1; else B=2; fi', '1'],
  ['if [ -n "$A" ]; then B=1; else B=2; fi', '2'],
  ['if [[ ! -z ${A} ]]; then\n B=1\nelse\n B=2\nfi', '2'],
  ['A=x\nif [ -n "$A" ]\nthen B=1\nelse B=2\nfi', '1'],
  ['A=x\nif [ "$A" = x ]; then B=1; else B=2; fi', '1'],
  ['A=x\nif [ -z "$A" ]; then B=1; elif test "$A" != x; then B=2; else B=3; fi', '3'],
  ['if [ -z "$A" -a -n "$B" ] || [ 1 -eq 2 ]; then B=1; else B=2; fi', '2'],
  ['if ! [[ $A == x* && -n $B ]]; then B=1; else B=2; fi', '1'],
  ['[ -z "${A:-}" ] && B=1', '1'],
  ['B=1\n[ -n "$B" ] || B=2', '1'],
  ['[ -n $A ] && B=1', '1'],
  ['[ -n "$A" ] || { A=2; B=$A; }', '2'],
  ['for A in 1 2 3; do B=$B$A; done', '123'],
  ['set -e\nfalse || B=1', '1'],
  ['B=1\nreturn 0\nB=2', '1'],
  ['f() { B=2; }\nB=1', '1'],
  ['if [ -n "$A" ]; then if [ -z "$A" ]; then B=1; else B=3; fi; else B=2; fi', '2'],
])('a condition is decided: %s', (text, value) => {
  expect(read(`export B\n${text}`, {}).values.B).toBe(value)
})

test('what is set after it was taken away is there', () => {
  const before = { A: 'a', B: 'b' }
  expect(read('unset A B\nexport A=1\n', before)).toMatchObject({ values: { A: '1' }, unset: ['B'] })
})

test('a loop over names takes those away and no others', () => {
  const text = 'export OS_A=1\nexport OS_B=2\nfor name in OS_A OS_C; do unset $name; done\n'
  expect(read(text, { OS_C: 'c', OS_D: 'd' })).toEqual({
    values: { OS_B: '2' },
    unset: ['OS_C'],
    asked: [],
  })
})

test.each([
  ['a command', 'OS_A=1\nsource ~/other\n', 2],
  ['a command in a value', 'export OS_PASSWORD=$(pass hush)\n', 1],
  ['backquotes', '\n\nexport OS_PASSWORD=`pass hush`\n', 3],
  ['backquotes in quotes', 'export OS_PASSWORD="`pass hush`"\n', 1],
  ['a pipe', 'OS_A=1 | hush\n', 1],
  ['a redirection', 'OS_A=hush > x\n', 1],
  ['a quote that is not closed', "OS_A='hush\n", 1],
  ['a double quote that is not closed', 'OS_A=1\nOS_B="hush\n', 2],
  ['a condition on a file', 'if [ -e hush ]; then B=1; fi\n', 1],
  ['a condition on what is asked for', 'read A\nif [ "$A" = hush ]; then B=1; fi\n', 2],
  ['a function', 'export() {\n  OS_A=1\n}\n', 1],
  ['a case', 'case $A in hush) OS_A=1 ;; esac\n', 1],
  ['a loop that does more', 'for a in $(ls); do echo hush; done\n', 1],
  ['a loop without an end', 'OS_A=1\nfor a in hush\n', 3],
  ['a condition without an end', 'OS_A=1\nif [ -z "$A" ]; then\nOS_B=1\n', 4],
  ['a calculation', 'OS_A=$((hush + 1))\n', 1],
  ['a here-document', 'read OS_A <<END\nhush\nEND\n', 1],
  ['a here-string', 'read OS_A <<<hush\n', 1],
  ['an array', 'OS_A=(hush)\n', 1],
  ['a function that is called', 'hush() {\n  OS_A=1\n}\nhush\n', 4],
  ['a command that files have', '\neval OS_A=hush\n', 2],
  ['a pattern of files', '[ -z hush* ] && OS_A=1\n', 1],
  ['a variable that has to be set', ': "${OS_A:?hush}"\n', 1],
  ['a variable that is not set, under set -u', 'set -u\nOS_A=$hush\n', 2],
  ['a failure under set -e', 'set -e\n[ -n "" ]\n', 2],
  ['a file that gives up', 'echo hush\nreturn 1\n', 2],
  ['bytes that are not UTF-8', "OS_A=$'hush\\xff'\n", 1],
  ['what the shell sets by itself', 'OS_A=$RANDOM\n', 1],
  ['a variable that is read-only', 'readonly OS_A=1\nOS_A=hush\n', 2],
  ['a bracket after a word', 'echo (hush\n', 1],
  ['a loop over what is no name', 'for {hush in 1; do OS_A=1; done\n', 1],
  ['a condition that is broken by a line', '[[ hush =\n 1 ]] && OS_A=1\n', 1],
  ['a value that doubles for ever', `OS_A=hush\n${'OS_A=$OS_A$OS_A\n'.repeat(64)}`, 20],
  ['loops within loops', `${'for a in 1 2 3 4 5 6 7 8 9 hush; do '.repeat(9)}:${'; done'.repeat(9)}\n`, 1],
  ['a semicolon without a command', 'if [ -z hush ]; then A=1\n;fi\n', 1],
  ['an end that fails, under set -e', 'set -e\n[ -n "" ] && OS_A=hush\n', 2],
  ['a value that looks like an operator', 'A=hush B="="\n[ -n "$B" -a -z "$C" ] && OS_A=1\n', 2],
  ['words that nothing parts', 'for a in $(set | awk\'{FS="="} /^OS_/ {print $1}\'); do unset $a; done\n', 1],
  [
    'a name whose order only a shell knows',
    'set -a\nOS_A=1 OS_B=2\nfor hush in $(set | grep ^OS_ | cut -d= -f1); do unset $hush; done\n',
    3,
  ],
  ['an operand that is an operator', '[[ hush == | ]] || A=1\n', 1],
  ['a bracket after a command', 'false && {\n:(\n}\nA=hush\n', 2],
  ['a name that a line breaks', 'A="$B\\\nhush"\n', 1],
  ['a command of the shell itself', 'echo "${ A=hush; }"\n', 1],
  ['a line break that is escaped', "A=$'hush\\\n'\n", 1],
  ['an expansion that a line breaks', 'A="$\\\n{hush}"\n', 1],
  ['a command in the background', 'false && { echo hush & }\n', 1],
  ['a mistake within a word', 'OS_A=${\n', 1],
  ['a default with a command', 'OS_A=${B:-$(hush)}\n', 1],
  ['another expansion', 'OS_A=${B^^hush}\n', 1],
  ["csh's setenv", 'setenv OS_A hush\n', 1],
  ["fish's set", 'set -gx OS_PASSWORD hush\n', 1],
  ["PowerShell's assignment", '$env:OS_A = "hush"\n', 1],
  ['spaces around the sign', 'OS_PASSWORD = hush\n', 1],
  ['a word too many', 'export OS_PASSWORD=hush hush!\n', 1],
  ['a page', '<!DOCTYPE html>\n', 1],
])('%s is refused with its line and without its text', (_name, text, line) => {
  let error: unknown
  try {
    parseOpenrc(text, 'rc.sh', {})
  } catch (thrown) {
    error = thrown
  }
  expect(error).toMatchObject({ code: 'OPENRC_INVALID', at: { file: 'rc.sh', line } })
  expect(JSON.stringify(error)).not.toContain('hush')
  expect(String((error as Error).message)).not.toContain('hush')
})
