import { expect, test } from 'vitest'
import { createTransport } from '../../src/library/index.ts'
import { faults } from '../../src/sandbox/faults/index.ts'
import { describeFaults, faultCases } from './fault-cases.ts'

test('every fault has a case', () => {
  const named = new Set(faultCases.map(([text]) => text.split('=')[0]))
  expect([...named].sort()).toEqual(faults.map(({ name }) => name).sort())
})

describeFaults('undici', createTransport)
