import { expect, test } from 'vitest'
import { remembered, rememberedBy } from '../../src/util/remembered.ts'

function counting<Answer>(answer: Answer) {
  const asked: string[] = []
  const answerTo = (text: string): Answer => {
    asked.push(text)
    return answer
  }
  return { asked, answerTo }
}

test('the same text is looked at once, until all is forgotten', () => {
  const { asked, answerTo } = counting(1)
  const ask = remembered(answerTo)
  expect([ask('a'), ask('a'), ask('b')]).toEqual([1, 1, 1])
  ask.forget()
  ask('a')
  expect(asked).toEqual(['a', 'b', 'a'])
})

test('an answer during which all was forgotten is not kept', () => {
  let count = 0
  const ask = remembered(() => {
    count++
    if (count === 1) ask.forget()
    return count
  })
  expect([ask('a'), ask('a'), ask('a')]).toEqual([1, 2, 2])
})

test('neither long texts nor very many are kept', () => {
  const { asked, answerTo } = counting(true)
  const ask = remembered(answerTo)
  const long = 'x'.repeat(10_000)
  ask(long)
  ask(long)
  expect(asked).toEqual([long, long])
  for (let number = 0; number <= 1000; number++) ask(String(number))
  ask('0')
  expect(asked.filter((text) => text === '0')).toHaveLength(2)
})

test('a question without a text of its own is answered anew', () => {
  const { asked, answerTo } = counting('answer')
  const ask = rememberedBy(
    (question: { text: string; isPlain: boolean }) => (question.isPlain ? question.text : undefined),
    ({ text }) => answerTo(text),
  )
  for (const isPlain of [true, true, false, false]) ask({ text: 'a', isPlain })
  expect(asked).toEqual(['a', 'a', 'a'])
})
