import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../../src/sandbox/sandbox.ts'
import { type Answer, account } from '../ask.ts'
import { type Asking, asking, asLearner } from './learner.ts'

let sandbox: Sandbox
let ask: Asking
let nobody: Asking
beforeAll(async () => {
  sandbox = await startSandbox()
  ask = await asLearner(sandbox)
  nobody = asking(sandbox, account)
  await ask('PUT', '/inbox', { 'X-Container-Meta-Temp-Url-Key': 'key' })
})
afterAll(() => sandbox.close())

const later = String(Math.floor(Date.now() / 1000) + 600)

type Form = {
  readonly redirect?: string
  readonly size?: string
  readonly count?: string
  readonly expires?: string
  readonly key?: string
  readonly fields?: Readonly<Record<string, string>>
  readonly files?: readonly (readonly [name: string, content: string])[]
}

function formOf(path: string, form: Form): string {
  const { redirect = '', size = '100', count = '2', expires = later, key = 'key' } = form
  const words = [`${account}${path}`, redirect, size, count, expires].join('\n')
  const fields = {
    redirect,
    max_file_size: size,
    max_file_count: count,
    expires,
    signature: createHmac('sha256', key).update(words).digest('hex'),
    ...form.fields,
  }
  const parts = [
    ...Object.entries(fields).map(
      ([name, value]) => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`,
    ),
    ...(form.files ?? [['note.txt', 'hello\r\nworld']]).map(
      ([name, content], index) =>
        `Content-Disposition: form-data; name="file${index}"; filename="${name}"\r\nContent-Type: text/x-note\r\n\r\n${content}`,
    ),
  ]
  return `${parts.map((part) => `--edge\r\n${part}\r\n`).join('')}--edge--\r\n`
}

function post(path: string, form: Form): Promise<Answer> {
  return nobody('POST', path, { 'Content-Type': 'multipart/form-data; boundary=edge' }, formOf(path, form))
}

test('a signed form puts its files', async () => {
  const files = [
    ['note.txt', 'hello\r\nworld'],
    ['größe.txt', 'x'],
  ] as const
  const answer = await post('/inbox/from-', { files, fields: { x_delete_after: '60' } })
  expect([answer.status, answer.body.toString()]).toEqual([201, '201 Created'])
  const note = await ask('GET', '/inbox/from-note.txt')
  expect([note.body.toString(), note.header('Content-Type')]).toEqual(['hello\r\nworld', 'text/x-note'])
  expect(note.header('X-Delete-At')).toMatch(/^\d+$/)
  expect((await ask('GET', '/inbox/from-gr%C3%B6%C3%9Fe.txt')).body.toString()).toBe('x')
})

test('of a container a form puts its files into it, and redirects where it says', async () => {
  const answer = await post('/inbox', { redirect: 'https://pages.example/done' })
  expect([answer.status, answer.header('Location')]).toEqual([
    303,
    'https://pages.example/done?status=201&message=',
  ])
  expect((await ask('GET', '/inbox/note.txt')).status).toBe(200)
})

test.each<[string, Form, number, string]>([
  ['by another key', { key: 'other' }, 401, 'FormPost: Invalid Signature'],
  ['that has expired', { expires: '1' }, 401, 'FormPost: Form Expired'],
  [
    'with more files than it may',
    { count: '0' },
    400,
    '400 Bad Request\r\nFormPost: Max File Count Exceeded',
  ],
  ['with a file that is too long', { size: '3' }, 400, 'FormPost: max_file_size exceeded'],
  ['without files', { files: [] }, 400, '400 Bad Request\r\nFormPost: No Files To Process'],
  ['with a size that is no number', { size: 'x' }, 400, 'FormPost: max_file_size not an integer'],
])('a form %s is refused', async (_, form, status, text) => {
  const answer = await post('/inbox/refused-', form)
  expect([answer.status, answer.body.toString()]).toEqual([status, text])
  expect((await ask('GET', '/inbox/refused-note.txt')).status).toBe(404)
})

test('a part with very many headers is refused', async () => {
  const many = Array.from({ length: 200 }, (_, at) => `X-${at}: x\r\n`).join('')
  const answer = await nobody(
    'POST',
    '/inbox',
    { 'Content-Type': 'multipart/form-data; boundary=edge' },
    `--edge\r\n${many}\r\nx`,
  )
  expect([answer.status, answer.body.toString()]).toEqual([400, 'FormPost: a part has too many headers'])
})

test('what begins with another boundary is no form', async () => {
  const answer = await nobody(
    'POST',
    '/inbox',
    { 'Content-Type': 'multipart/form-data; boundary=other' },
    formOf('/inbox', {}),
  )
  expect([answer.status, answer.body.toString()]).toEqual([400, 'FormPost: invalid starting boundary'])
})
