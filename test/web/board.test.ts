import { describe, expect, test } from 'vitest'
import { joinBoard } from '../../src/web/board/board-link.ts'
import type { BoardMessage } from '../../src/web/board/board-message.ts'
import { type Board, type BoardOptions, startBoard } from '../../src/web/board/board-server.ts'
import { makeJoinCode, parseBoardAddress } from '../../src/web/board/join-code.ts'
import type { Report } from '../../src/web/board/progress.ts'
import { runOsrun } from '../cli/osrun.ts'
import { cloudOf, recipeOf, runToEnd, startSandbox } from '../run/on-sandbox.ts'
import { ask, listen, post } from './asking.ts'

const evil = '<script>alert(1)</script>'

type Served = AsyncDisposable & { readonly board: Board; readonly origin: string; readonly code: string }

async function serve(options: Partial<BoardOptions> = {}): Promise<Served> {
  const board = await startBoard({ folder: 'dist/web', ...options })
  const { url, code } = parseBoardAddress(board.join)
  return { board, origin: url, code, [Symbol.asyncDispose]: () => board.close() }
}

const reportOf = (more: Partial<Report> = {}): Report => ({
  participant: '0123456789abcdef',
  name: 'ada',
  lesson: 'Tokens',
  step: 1,
  steps: 4,
  verdict: 'working',
  ...more,
})
const tell = (served: Served, report: unknown, code = served.code, headers: Record<string, string> = {}) =>
  post(`${served.origin}/progress`, report, { Authorization: `Bearer ${code}`, ...headers })

describe('a board', () => {
  test('shows how far each participant is, and each once', async () => {
    await using served = await serve()
    await using page = await listen<BoardMessage>(`${served.board.url}events`)
    const other = { participant: 'fedcba9876543210', name: 'bob' }
    for (const report of [reportOf(), reportOf({ step: 4, verdict: 'passed' }), other])
      expect((await tell(served, report)).status).toBe(204)
    expect((await tell(served, reportOf({ lesson: 'Scopes', step: 0 }))).status).toBe(204)
    const { participants } = await page.until(
      (message) => message.participants[0]?.progress?.lesson === 'Scopes',
    )
    expect(participants).toMatchObject([
      { number: 1, name: 'ada', passed: 1, progress: { lesson: 'Scopes', step: 0 } },
      { number: 2, name: 'bob', passed: 0 },
    ])
    // Whoever knew the id of another could write in their name.
    expect(JSON.stringify(page.messages)).not.toMatch(/0123456789abcdef|fedcba9876543210/)
  })

  test('cuts what is long, and makes visible what is not', async () => {
    await using served = await serve()
    await using page = await listen<BoardMessage>(`${served.board.url}events`)
    await tell(served, reportOf({ name: 'a\u202eb\n', lesson: 'x'.repeat(5000) }))
    const { participants } = await page.until(({ participants }) => participants.length === 1)
    expect(participants[0]).toMatchObject({ name: 'a\\u202eb', progress: { lesson: 'x'.repeat(60) } })
  })

  test.each([
    ['no JSON', '{'],
    ['no mapping', []],
    ['no participant', { name: 'ada' }],
    ['a participant of another kind', reportOf({ participant: '../../x' })],
    ['no name', reportOf({ name: ' ' })],
    ['a step after the last', reportOf({ step: 5 })],
    ['a step that is no number', { ...reportOf(), step: '1' }],
    ['very many steps', reportOf({ steps: 1e9 })],
    ['another verdict', { ...reportOf(), verdict: evil }],
    ['a body without end', reportOf({ lesson: 'x'.repeat(100_000) })],
  ])('refuses %s', async (_what, report) => {
    await using served = await serve()
    expect((await tell(served, report)).status).toBe(400)
  })

  test('lets nobody try codes, and still hears who has the right one', async () => {
    await using served = await serve({ now: () => 0 })
    const statuses: number[] = []
    for (let guess = 0; guess < 12; guess++)
      statuses.push((await tell(served, reportOf(), makeJoinCode())).status)
    expect(statuses).toEqual([...Array<number>(10).fill(403), 429, 429])
    expect((await tell(served, reportOf())).status).toBe(204)
  })

  test('hears one participant only so often', async () => {
    let now = 0
    await using served = await serve({ now: () => now })
    const statuses: number[] = []
    for (let report = 0; report < 31; report++) statuses.push((await tell(served, reportOf())).status)
    expect([statuses.indexOf(429), statuses.length]).toEqual([30, 31])
    expect((await tell(served, reportOf({ participant: 'fedcba9876543210' }))).status).toBe(204)
    now += 1000
    expect((await tell(served, reportOf())).status).toBe(204)
  })

  test('is full at 200', async () => {
    await using served = await serve()
    const statuses = new Map<number, number>()
    for (let number = 0; number <= 200; number++) {
      const { status } = await tell(served, reportOf({ participant: `participant-${1000 + number}` }))
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    expect([...statuses]).toEqual([
      [204, 200],
      [503, 1],
    ])
  })

  test('answers to its address alone, shows nothing without its token, and hears no other site', async () => {
    await using served = await serve()
    const { url } = served.board
    expect((await ask(url)).status).toBe(200)
    expect((await ask(new URL('/', url).href)).status).toBe(404)
    expect((await ask(`${served.origin}/${served.code}/`)).status).toBe(404)
    expect((await ask(url, { headers: { Host: 'evil.example' } })).status).toBe(421)
    expect((await tell(served, reportOf(), served.code, { Host: 'evil.example' })).status).toBe(421)
    expect((await tell(served, reportOf(), served.code, { Origin: 'http://evil.example' })).status).toBe(403)
    expect((await post(url, {})).status).toBe(405)
  })
})

describe('a participant', () => {
  test('tells the board of each step and of the end', async () => {
    await using served = await serve()
    await using sandbox = await startSandbox()
    await using page = await listen<BoardMessage>(`${served.board.url}events`)
    const recipe = await recipeOf(`
osrun: 1
name: Tokens
steps:
  - authenticate:
  - pick-endpoint: object-store
  - request: HEAD \${endpoint}/photos
    for-each: [1, 2]
  - assert: { status: 204 }
`)
    const link = await joinBoard(served.board.join.toLowerCase(), 'ada')
    const { events } = await runToEnd(recipe, { cloud: await cloudOf(sandbox.environment) })
    for (const event of events) link.tell(event)
    await link[Symbol.asyncDispose]()
    const { participants } = await page.until(
      ({ participants: [one] }) => one?.progress?.verdict === 'passed',
    )
    expect(participants).toMatchObject([{ name: 'ada', passed: 1, progress: { lesson: 'Tokens', steps: 4 } }])
  })

  test('is told of a wrong code and of a board that is not there, and learns on where a board goes', async () => {
    const served = await serve()
    await expect(joinBoard(`${served.origin}#AAAA-AAAA`, 'ada')).rejects.toMatchObject({
      code: 'USAGE_INVALID',
    })
    const link = await joinBoard(served.board.join, 'ada')
    await served.board.close()
    await expect(joinBoard(served.board.join, 'ada')).rejects.toMatchObject({ code: 'CONNECTION_REFUSED' })
    await using sandbox = await startSandbox()
    const recipe = await recipeOf('osrun: 1\nname: Tokens\nsteps:\n  - authenticate:\n')
    const { events } = await runToEnd(recipe, { cloud: await cloudOf(sandbox.environment) })
    for (const event of events) link.tell(event)
    await link[Symbol.asyncDispose]()
  })

  test('joins from a terminal by a name, and is refused with a wrong code or where no board is', async () => {
    const served = await serve()
    await using page = await listen<BoardMessage>(`${served.board.url}events`)
    const learn = (name: string, at = served.board.join) =>
      runOsrun(['learn', '--auto=0s', 'token', '--board', at, '--as', name])
    const [ada, bob] = await Promise.all([learn('ada'), learn('bob')])
    expect([ada.status, bob.status]).toEqual([0, 0])
    expect(ada.stderr).toBe('The board shows you as ada.\n')
    const { participants } = await page.until(({ participants: all }) =>
      ['ada', 'bob'].every((name) => all.some((one) => one.name === name && one.passed === 1)),
    )
    expect(participants).toHaveLength(2)
    const wrong = await learn('eve', `${served.origin}#AAAA-AAAA`)
    expect([wrong.status, wrong.stdout]).toEqual([1, ''])
    expect(wrong.stderr).toMatch(/^USAGE_INVALID /)
    await served.board.close()
    const gone = await learn('eve')
    expect([gone.status, gone.stdout]).toEqual([3, ''])
    expect(gone.stderr).toMatch(/^CONNECTION_REFUSED /)
  })

  test.each([
    '',
    'board',
    'http://127.0.0.1:1',
    'http://127.0.0.1:1#',
    'ftp://127.0.0.1#AAAA-AAAA',
    '#AAAA-AAAA',
  ])('has to give an address with a code, not %j', (text) => {
    expect(() => parseBoardAddress(text)).toThrow(expect.objectContaining({ code: 'USAGE_INVALID' }))
  })
})

test('osrun learn refuses a board that it cannot serve or join', async () => {
  const elsewhere = await runOsrun(['learn', '--board', '--host', '192.0.2.1'])
  expect([elsewhere.status, elsewhere.stderr]).toEqual([1, expect.stringContaining('USAGE_INVALID')])
  const wrong = await runOsrun(['learn', '--web', '--board', 'http://127.0.0.1:9#nothing'])
  expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('USAGE_INVALID')])
})
