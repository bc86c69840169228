import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { account, login } from '../sandbox/ask.ts'
import { asker, newData, startKept } from '../sandbox/kept.ts'
import { serveKept } from './kept-process.ts'
import { runOsrun } from './osrun.ts'

const secrets = { OSRUN_SANDBOX_PASSWORD: 'pw' }

/** Runs shell commands on a sandbox that is kept there. */
function onKept(data: string, script: string, flags: readonly string[] = []) {
  return runOsrun(['sandbox', '--data', data, ...flags, '--', 'sh', '-c', script], secrets)
}

describe('osrun sandbox --data, for a client that knows nothing of it,', () => {
  test('has all of it the next time', async () => {
    const data = newData()
    const folder = join(data, '..', 'files')
    mkdirSync(folder)
    const large = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251))
    writeFileSync(join(folder, 'large'), large)
    writeFileSync(join(folder, 'small'), 'call me ishmael')
    const look = `cd ${folder}
      swift stat files small; swift stat files slo; swift stat files dlo; swift list -l files; swift list -l files_segments`
    const upload = `cd ${folder} && swift -q post files && swift -q upload files small -H 'X-Object-Meta-Book: moby' &&
      swift -q upload files large --object-name slo --use-slo -S 100000 &&
      swift -q upload files large --object-name dlo -S 70000 && swift auth >auth`
    const first = await onKept(data, `${upload}; ${look}`)
    expect(first.status).toBe(0)
    const download = `for name in small slo dlo; do swift -q download files $name -o back-$name >/dev/null; done`
    const second = await onKept(data, `${look}; ${download}`)
    const lasting = (text: string): readonly string[] =>
      text.split('\n').filter((line) => !/X-Trans-Id|X-Openstack-Request-Id|Date:/i.test(line))
    expect(first.stdout).toMatch(/Meta Book: moby/)
    expect(lasting(second.stdout)).toEqual(lasting(first.stdout))
    for (const name of ['slo', 'dlo'])
      expect(readFileSync(join(folder, `back-${name}`)).equals(large)).toBe(true)
    expect(readFileSync(join(folder, 'back-small'), 'utf8')).toBe('call me ishmael')
    // A token of the first run, on the second one's address.
    const third = await onKept(
      data,
      `. ${folder}/auth; swift --os-auth-token "$OS_AUTH_TOKEN" --os-storage-url "$OSRUN_SANDBOX_URL${account}" list files`,
    )
    expect(third.stdout.split('\n')).toContain('slo')
  }, 120_000)
})

describe('On a disk that is full', () => {
  // The shell's limit of a file's size stands for it: 200 KiB, of which the photo of the guide takes 186.
  const startLimited = (data: string) =>
    spawn(
      'sh',
      [
        '-c',
        'trap "" XFSZ; ulimit -f 400; exec "$@"',
        'sh',
        process.execPath,
        'bin/osrun.cjs',
        'sandbox',
        '--data',
        data,
      ],
      { env: { PATH: process.env.PATH, ...secrets }, stdio: ['ignore', 'pipe', 'pipe'] },
    )

  test('an object is refused by 507 and the one of before stays; at the first record that is refused it ends', async () => {
    const data = newData()
    const child = startLimited(data)
    const closed = once(child, 'close')
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      stderr += part
    })
    const url = await new Promise<string>((resolve) => {
      let stdout = ''
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        stdout += part
        const found = /OSRUN_SANDBOX_URL='?([^'\s]+)'?\n/.exec(stdout)?.[1]
        if (found !== undefined) resolve(found)
      })
    })
    const by = await asker({ url })
    const object = `${account}/photos/a`
    expect((await by('PUT', object, {}, 'as it was')).status).toBe(201)
    expect((await by('PUT', object, {}, 'x'.repeat(300_000))).status).toBe(507)
    expect((await by('GET', object)).body.toString()).toBe('as it was')
    const more = Object.fromEntries(
      Array.from({ length: 15 }, (_, index) => [`X-Object-Meta-${index}`, 'y'.repeat(250)]),
    )
    let answered = 0
    let status = 202
    while (status === 202 && answered < 200) {
      status = (await by('POST', object, { ...more, 'X-Object-Meta-Count': String(answered + 1) })).status
      if (status === 202) answered++
    }
    // Or the sandbox ended before its answer was read.
    expect([507, Number.NaN]).toContain(status)
    expect(await closed).toEqual([1, null])
    expect(stderr).toMatch(/^DATA_UNUSABLE /m)
    await using sandbox = await startKept(data)
    const { body, header } = await (await asker(sandbox))('GET', object)
    expect([body.toString(), header('X-Object-Meta-Count')]).toEqual(['as it was', String(answered)])
  })
})

test('An object streams: one of 200 MB goes in and out without being held', async () => {
  const data = newData()
  const sandbox = await serveKept(data)
  const token = await login(sandbox, 'learner', 'pw')
  const chunk = Buffer.alloc(1_000_000, 'whale')
  const send = request(`${sandbox.url}${account}/photos/large`, {
    method: 'PUT',
    headers: { 'X-Auth-Token': token },
  })
  Readable.from(Array.from({ length: 200 }, () => chunk)).pipe(send)
  const [answer] = await once(send, 'response')
  answer.resume()
  expect(answer.statusCode).toBe(201)
  const fetched = await fetch(`${sandbox.url}${account}/photos/large`, { headers: { 'X-Auth-Token': token } })
  let size = 0
  for await (const part of fetched.body ?? []) size += (part as Uint8Array).length
  expect(size).toBe(200_000_000)
  const [, peak = ''] =
    /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${sandbox.child.pid}/status`, 'utf8')) ?? []
  expect(Number(peak)).toBeLessThan(180_000)
  await sandbox.stop()
})

test('Files are for their owner alone, and a command makes its own as ever', async () => {
  const data = newData()
  const { stdout } = await onKept(data, 'umask; ls -l "$OS_CACERT"', ['--tls'])
  const umask = process.umask().toString(8).padStart(4, '0')
  expect(stdout).toMatch(new RegExp(`^${umask}\n-rw------- .*ca\\.pem\n`))
})
