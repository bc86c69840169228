import { readFileSync } from 'node:fs'
import { parser } from '@prometheus-io/lezer-promql'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { examples } from './stage.ts'

type Rule = {
  readonly alert: string
  readonly expr: string
  readonly annotations: { readonly summary: string }
}
const { groups } = parse(readFileSync(`${examples}/alerts.yaml`, 'utf8')) as {
  readonly groups: readonly [{ readonly rules: readonly Rule[] }]
}
const [{ rules }] = groups
const reporter = readFileSync('src/report/formats/prometheus.ts', 'utf8')

/** The names of the metrics in an expression; undefined when it is none of PromQL. */
function metricsOf(expression: string): readonly string[] | undefined {
  const names: string[] = []
  let isWrong = false
  parser.parse(expression).iterate({
    enter({ type, from, to }) {
      isWrong ||= type.isError
      if (type.name === 'Identifier') names.push(expression.slice(from, to))
    },
  })
  return isWrong ? undefined : names.filter((name) => name.startsWith('osrun_'))
}

test('the parser says what is no PromQL', () => {
  expect(metricsOf('max by cloud) (x)')).toBeUndefined()
})

test.each(rules)('$alert is PromQL over metrics that osrun writes', ({ expr, annotations }) => {
  const metrics = metricsOf(expr)
  expect(metrics).toHaveLength(1)
  for (const name of metrics ?? []) expect(reporter).toContain(`name: '${name}'`)
  for (const [, label] of annotations.summary.matchAll(/\$labels\.(\w+)/g))
    expect(['cloud', 'region', 'recipe']).toContain(label)
})

test('silence is told, whether the metrics are old or were never there', () => {
  const expressions = rules.map(({ expr }) => expr)
  expect(expressions.some((one) => one.includes('time() -'))).toBe(true)
  expect(expressions.some((one) => one.startsWith('absent('))).toBe(true)
})
