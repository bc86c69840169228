import { createHash } from 'node:crypto'
import { DataProblem } from './data-problem.ts'
import type { Change } from './journal.ts'

/** Tells whether records are those that were written last, which LevelDB does not: it passes over what is damaged in its log. */
export type Seal = {
  /** The changes as they are written: each value with a number and a digest, and what all the numbers come to. */
  close(changes: readonly Change[]): readonly Change[]
  /** The values by their keys. @throws DataProblem when one is damaged, missing or an older one */
  open(records: AsyncIterable<readonly [key: string, value: string]>): Promise<ReadonlyMap<string, string>>
}

const sumKey = '\0sum'

/** A seal of no records. */
export function createSeal(): Seal {
  const numbers = new Map<string, number>()
  let [last, sum] = [0, 0]
  const setNumber = (key: string, number: number): void => {
    sum += number - (numbers.get(key) ?? 0)
    if (number === 0) numbers.delete(key)
    else numbers.set(key, number)
  }
  return {
    close(changes) {
      const sealed = changes.map(([key, value]): Change => {
        setNumber(key, value === undefined ? 0 : ++last)
        return [key, value && seal(key, last, value)]
      })
      return [...sealed, [sumKey, seal(sumKey, last, String(sum))]]
    },
    async open(records) {
      const values = new Map<string, string>()
      let wanted: string | undefined
      for await (const [key, sealed] of records) {
        const { number, value } = unseal(key, sealed)
        last = Math.max(last, number)
        if (key === sumKey) wanted = value
        else {
          setNumber(key, number)
          values.set(key, value)
        }
      }
      if (String(sum) !== wanted) throw damaged()
      return values
    },
  }
}

function seal(key: string, number: number, value: string): string {
  const text = `${number} ${value}`
  return `${digest(key, text)} ${text}`
}

function unseal(key: string, sealed: string): { readonly number: number; readonly value: string } {
  const [, found, text = '', number, value = ''] = /^(\w+) ((\d+) (.*))$/s.exec(sealed) ?? []
  if (found !== digest(key, text)) throw damaged()
  return { number: Number(number), value }
}

function digest(key: string, text: string): string {
  return createHash('sha256').update(`${key}\0${text}`).digest('hex').slice(0, 16)
}

function damaged(): DataProblem {
  return new DataProblem('invalid', 'its database is damaged')
}
