import { expect, test } from 'vitest'
import type { Ledger } from '../../src/run/ledger/read-ledgers.ts'
import { leftoversOf } from '../../src/run/ledger/sweep.ts'

const process = { pid: 1, started: '', machine: '', boot: '', namespace: '' }

function ledgerOf(run: string, ...deletes: readonly (readonly string[])[]): Ledger {
  return {
    path: `${run}.ndjson`,
    owner: { kind: 'run', osrun: 1, run, recipe: run, file: run, process },
    ended: false,
    lastTime: 0,
    left: deletes.map((urls, index) => ({
      kind: 'create',
      entry: index + 1,
      service: 'object-store',
      method: 'PUT',
      url: urls[0] ?? '',
      deletes: urls,
      deferred: true,
      identity: '',
      scope: '',
      scopeText: '',
      step: '',
      time: '',
    })),
  }
}

const orderOf = (...ledgers: readonly Ledger[]) =>
  leftoversOf(ledgers).map(({ url }) => url?.replace('http://h/v1/', ''))

test('what was made last is deleted first, the later run before the earlier one', () => {
  const first = ledgerOf('one', ['http://h/v1/a'], ['http://h/v1/b'])
  expect(orderOf(first, ledgerOf('two', ['http://h/v1/c']))).toEqual(['c', 'b', 'a'])
})

test('what lies in a container comes before it, in whatever order and by whichever run it was made', () => {
  const objects = ledgerOf('one', ['http://h/v1/c/x/y'], ['http://h/v1/c/x'], ['http://h/v1/other'])
  const container = ledgerOf('two', ['http://h/v1/c'], ['http://h/v1/cc'])
  expect(orderOf(objects, container)).toEqual(['cc', 'c/x/y', 'c/x', 'c', 'other'])
})

test('a URL with a slash at its end lies in nothing, itself included', () => {
  expect(orderOf(ledgerOf('one', ['http://h/v1/c/'], ['http://h/v1/c']))).toHaveLength(2)
})

test('a hundred thousand leftovers are ordered at once', () => {
  const many = Array.from({ length: 100_000 }, (_value, index) => [`http://h/v1/c/${index}`])
  expect(orderOf(ledgerOf('one', ['http://h/v1/c'], ...many)).at(-1)).toBe('c')
}, 5000)
