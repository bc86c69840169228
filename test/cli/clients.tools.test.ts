import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'

// Programs that know nothing of osrun, as Debian ships them, each started as seldom as can be.

/** They start slowly, and more so where much else runs. */
const timeout = 300_000

const big = randomBytes(2_500_000)
let folder: string
let sandbox: Sandbox
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'osrun-clients-'))
  writeFileSync(join(folder, 'big'), big)
  writeFileSync(join(folder, 'small.txt'), 'hello\n')
  writeFileSync(join(folder, 'rclone.conf'), '[box]\ntype = swift\nenv_auth = true\n')
  sandbox = await startSandbox()
})
afterAll(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

/** Runs shell commands in the folder, with the cloud in the environment, and gives what they say; a failure throws. */
async function shell(script: string, input = ''): Promise<string> {
  const { PATH } = process.env
  const environment = {
    PATH,
    HOME: folder,
    LANG: 'C.UTF-8',
    RCLONE_CONFIG: 'rclone.conf',
    ...sandbox.environment,
  }
  const child = spawn('sh', ['-euc', script], { cwd: folder, env: environment })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
  child.stdin.end(input)
  const status = await new Promise((resolve) => child.on('close', resolve))
  if (status !== 0 || stderr !== '') throw new Error(`status ${status}: ${stderr}\n${stdout}`)
  return stdout
}

/** Runs commands of openstackclient in one process, and gives the JSON documents that they print. */
async function openstack(...commands: readonly string[]): Promise<readonly unknown[]> {
  // Without a terminal its prompt is not shown, and a failed command does not change its status.
  const said = await shell('openstack', `${commands.join('\n')}\n`)
  return said.split(/\n(?=[[{])/).map((document) => JSON.parse(document))
}

/** Runs commands of swiftclient in one process, by its program's own Python and function, and gives what they print. */
function swift(...commands: readonly string[]): Promise<string> {
  const run =
    'import shlex, sys; from swiftclient.shell import main; [main(["swift", *shlex.split(line)]) for line in sys.stdin]'
  return shell(`$(sed -n '1s/^#! *//p' "$(command -v swift)") -c '${run}'`, `${commands.join('\n')}\n`)
}

describe('openstackclient', () => {
  test('lists the catalog and versions, shows a token, keeps objects and makes application credentials', {
    timeout,
  }, async () => {
    const answers = await openstack(
      'token issue -f json',
      'catalog list -f json',
      'versions show -f json',
      'container create client -f json',
      'object create client small.txt -f json',
      'object list client -f json',
      'object show client small.txt -f json',
      'object save --file saved.txt client small.txt',
      'container show client -f json',
      'object delete client small.txt',
      'container delete client',
      'container list -f json',
      'project list --my-projects -f json',
      'application credential create robot --role reader -f json',
      'application credential list -f json',
      'application credential delete robot',
      'application credential list -f json',
      'ec2 credentials create -f json',
      'ec2 credentials list -f json',
    )
    expect(answers).toEqual([
      expect.objectContaining({ id: expect.stringMatching(/^gAAAAA/), expires: expect.any(String) }),
      [expect.objectContaining({ Name: 'keystone' }), expect.objectContaining({ Name: 'swift' })],
      expect.arrayContaining([expect.objectContaining({ 'Service Type': 'identity', Version: '3.14' })]),
      [expect.objectContaining({ container: 'client' })],
      [expect.objectContaining({ object: 'small.txt', etag: 'b1946ac92492d2347c6235b4d2611184' })],
      [{ Name: 'small.txt' }],
      expect.objectContaining({ 'content-length': '6', 'content-type': 'text/plain' }),
      expect.objectContaining({ object_count: '1', bytes_used: '6' }),
      expect.not.arrayContaining([{ Name: 'client' }]),
      expect.arrayContaining([expect.objectContaining({ Name: 'workshop' })]),
      expect.objectContaining({ name: 'robot', roles: 'reader', secret: expect.any(String) }),
      expect.arrayContaining([expect.objectContaining({ Name: 'robot' })]),
      expect.not.arrayContaining([expect.objectContaining({ Name: 'robot' })]),
      expect.objectContaining({ access: expect.stringMatching(/^[0-9a-f]{32}$/) }),
      [expect.objectContaining({ Access: expect.any(String), Secret: expect.any(String) })],
    ])
    expect(readFileSync(join(folder, 'saved.txt'), 'utf8')).toBe('hello\n')
  })
})

describe('openstackclient as an administrator', () => {
  test('makes a project and a user with a role there, and removes them', { timeout }, async () => {
    const admin = '--os-username admin --os-password admin-secret --os-project-name service'
    const said = await shell(`
      openstack ${admin} << 'end' | sed 's/^(openstack) //'
project create mill -f json -c name -c enabled
user create miller --project mill --password flour -f json -c name -c enabled
role add --user miller --project mill objectstore_operator
role assignment list --user miller --names -f json
user set miller --disable
user show miller -f json -c enabled
user delete miller
project delete mill
project list -f value -c Name
end`)
    expect(said).toContain('"name": "mill"')
    expect(said).toContain('"name": "miller"')
    expect(said).toContain('"Role": "objectstore_operator"')
    expect(said).toContain('"enabled": false')
    expect(said).not.toMatch(/^mill$/m)
  })
})

describe('openstacksdk', () => {
  test('makes a container, keeps an object in it and removes both', { timeout }, async () => {
    writeFileSync(
      join(folder, 'sdk.py'),
      `import openstack
cloud = openstack.connect()
store = cloud.object_store
store.create_container(name='sdk')
store.upload_object(container='sdk', name='small.txt', filename='small.txt')
print([one.name for one in store.objects('sdk')])
print(store.download_object('small.txt', container='sdk'))
store.delete_object('small.txt', container='sdk')
store.delete_container('sdk')
print(sorted(one.name for one in store.containers()))
print(cloud.current_project.name)
`,
    )
    // The packaged library wants the packaged Python. Of every Swift it says that it finds no version there.
    const said = await shell('/usr/bin/python3 -W ignore sdk.py 2>told')
    expect(said.split('\n').slice(0, 2)).toEqual(["['small.txt']", "b'hello\\n'"])
    expect(said).toMatch(/'photos', 'public'\]\nworkshop\n$/)
  })
})

describe('openstackclient and osrun', () => {
  test('take the project id of clouds.yaml, and not the name of a flag', { timeout }, async () => {
    const workshop = 'fee040b1c4d24aeb985c3cdea1c3f363'
    const auth = { auth_url: sandbox.authUrl, username: 'learner', password: sandbox.environment.OS_PASSWORD }
    const mine = { auth: { ...auth, user_domain_name: 'Default', project_id: workshop } }
    writeFileSync(join(folder, 'clouds.yaml'), JSON.stringify({ clouds: { mine } }))
    const flags = '--os-cloud mine --os-project-name archive'
    const osrun = `'${process.execPath}' '${join(process.cwd(), 'bin/osrun.cjs')}'`
    const said = await shell(`
      unset $(env | grep -o '^OS_[A-Z_]*')
      openstack ${flags} token issue -f value -c project_id
      ${osrun} catalog ${flags} --json 2>told`)
    expect(said.split('\n')[0]).toBe(workshop)
    expect(said).toContain(`AUTH_${workshop}`)
    expect(readFileSync(join(folder, 'told'), 'utf8')).toContain('--os-project-name is not used')
  })
})

describe('curl', () => {
  // https://docs.ovh.com/gb/en/public-cloud/managing_tokens/ leaves a carriage return at the end of the token.
  test('gets metadata as the guide to tokens has it', { timeout }, async () => {
    const login = `-X POST \${OS_AUTH_URL}auth/tokens -H "Content-Type: application/json" -d ' { "auth": { "identity": { "methods": ["password"], "password": { "user": { "name": "'$OS_USERNAME'", "domain": { "id": "default" }, "password": "'$OS_PASSWORD'" } } }, "scope": { "project": { "name": "'$OS_TENANT_NAME'", "domain": { "id": "default" } } } } }'`
    const said = await shell(`
      export OS_AUTH_URL=$OS_AUTH_URL/ OS_TENANT_NAME=workshop OS_USERNAME=plain OS_PASSWORD=plain-password
      export endpoint=$(curl -s ${login} | jq -r '.token.catalog[].endpoints[].url' | grep AUTH_ | head -1)
      export token=$(curl -is ${login} | grep '^X-Subject-Token' | cut -d" " -f2)
      curl -s -X GET $endpoint/photos/fullsize/ovh-summit-2014-backstage-DS.jpg -H "X-Auth-Token: $token" -I`)
    expect(said).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Type: image\/jpeg\r\n/)
    expect(said).toContain('Content-Length: 190046\r\n')
  })
})

describe('swiftclient', () => {
  test('uploads, lists, changes, copies, signs and downloads', { timeout }, async () => {
    const said = await swift(
      "post tool -H 'X-Container-Meta-Color: red'",
      'upload -q tool small.txt',
      'post tool small.txt -m Shade:blue',
      'copy tool small.txt -d /tool/copy.txt',
      'stat tool small.txt',
      'list tool',
      'stat',
      'capabilities --json',
      'post -m Temp-URL-Key:sesame',
      `tempurl GET 600 ${sandbox.url}/v1/AUTH_fee040b1c4d24aeb985c3cdea1c3f363/tool/copy.txt sesame`,
      'delete tool',
      'list',
    )
    expect(said).toMatch(/^ *Meta Shade: blue$/m)
    expect(said).toContain('\ncopy.txt\nsmall.txt\n')
    expect(said).toMatch(/^ *Account: AUTH_fee040b1c4d24aeb985c3cdea1c3f363\n *Containers: 6$/m)
    expect(said).toContain('"slo": {')
    expect(said).toMatch(/\/tool\/copy\.txt\?temp_url_sig=\w+&temp_url_expires=\d+\n/)
    expect(said).toMatch(/\nempty\nodd names\npages\nphotos\npublic\n$/)
  })

  test('reads by a temporary URL that it has signed', { timeout }, async () => {
    const account = `${sandbox.url}/v1/AUTH_fee040b1c4d24aeb985c3cdea1c3f363`
    const said = await swift(
      'post -m Temp-URL-Key:sesame',
      `tempurl GET 600 ${account}/public/hello.txt sesame`,
    )
    expect(await (await fetch(said.trim())).text()).toBe('hello, world\n')
  })

  test('cuts large objects of both kinds into segments, and removes them with it', { timeout }, async () => {
    const said = await swift(
      'upload -q --use-slo --segment-size 1000000 large big --object-name static',
      'upload -q --segment-size 1000000 large big --object-name dynamic',
      'list large_segments',
      'download -q large static -o static.big',
      'download -q large dynamic -o dynamic.big',
      'delete -q large static dynamic',
      'stat large_segments',
      'delete -q large_segments',
      'delete -q large',
    )
    expect(said.match(/^(slo\/)?(static|dynamic)\/.*\/0000000\d$/gm)).toHaveLength(6)
    expect(said).toMatch(/^ *Objects: 0$/m)
    for (const kind of ['static', 'dynamic'])
      expect(readFileSync(join(folder, `${kind}.big`)).equals(big)).toBe(true)
  })
})

describe('rclone', () => {
  test('copies a folder there, checks it and purges it', { timeout }, async () => {
    const said = await shell(`
      mkdir -p 'tree/deep'; cp big tree/big; echo x > 'tree/deep/été & space'
      rclone mkdir box:sync
      rclone copy --swift-chunk-size 1M tree box:sync
      rclone ls box:sync | sort -k2
      rclone check --download tree box:sync 2>&1 | sed -n 's/.*: \\([0-9]* differences\\)/\\1/p'
      rclone moveto 'box:sync/deep/été & space' box:sync/plain
      rclone cat box:sync/plain
      rclone purge box:sync
      rclone purge box:sync_segments
      rclone lsf box:`)
    expect(said).toMatch(/ {2}2500000 big\n {8}2 deep\/été & space\n0 differences found\nx\n/)
    expect(said).not.toContain('sync/')
  })
})
