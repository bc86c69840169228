import { STATUS_CODES } from 'node:http'
import type { ExchangeRecord, SafeEvent } from '../model/event.ts'
import type { Json, Quiz, Recipe } from '../model/recipe.ts'
import { jsonText } from '../util/parse-json.ts'
import { prettyJson } from '../util/pretty-json.ts'
import { visible } from '../util/text/visible.ts'

/** The longest answer that a hand-out shows, in characters. */
const longest = 2000

/**
 * Writes a recipe as a hand-out in Markdown: what it is for, its inputs, and for each step its note, its commands and
 * their real answers, out of the masked events of a run.
 */
export async function toHandout(recipe: Recipe, events: AsyncIterable<SafeEvent>): Promise<string> {
  const blocks: string[] = [`# ${plain(recipe.name)}`]
  if (recipe.description !== undefined) blocks.push(recipe.description.trim())
  if (recipe.inputs.length > 0) blocks.push(inputTable(recipe))
  let number = 0
  let isCleaning = false
  for await (const event of events) {
    switch (event.type) {
      case 'step:start':
        if (event.phase === 'cleanup' && !isCleaning) {
          isCleaning = true
          blocks.push('## Cleaning up')
        }
        number += 1
        blocks.push(`${event.phase === 'cleanup' ? '###' : '##'} ${number}. ${plain(event.title)}`)
        if (event.note !== undefined) blocks.push(event.note.trim())
        blocks.push(...quizBlocks(recipe.steps.find(({ id }) => id === event.step)?.quiz))
        break
      case 'exchange':
        blocks.push(
          fence('sh', (event.paste ?? [event.curl]).join('\n')),
          fence('text', answer(event.exchange)),
        )
        break
      case 'context':
        blocks.push(`This gives \`${event.name}\`: ${codeOf(event.value)}`)
        if (event.paste !== undefined) blocks.push(fence('sh', event.paste))
        break
      case 'output':
        blocks.push(`The recipe gives \`${event.name}\`: ${codeOf(event.value)}`)
        break
      case 'notice':
        blocks.push(`> ${plain(event.message)}`)
        break
      case 'step:end':
        if (event.result.status === 'failed' || event.result.status === 'errored')
          blocks.push(`**Not as expected:** ${plain(event.result.problem.message)}`)
        if (event.result.status === 'skipped' && event.phase === 'main') {
          number += 1
          blocks.push(`## ${number}. ${plain(event.title)}`, `Skipped: ${plain(event.result.reason)}.`)
        }
        break
      case 'run:end': {
        const { problem } = event.result
        if (problem !== undefined && problem.from !== 'step')
          blocks.push(`**Not as expected:** ${plain(problem.message)}`)
        break
      }
      case 'run:start':
      case 'question':
      case 'poll':
      case 'suite:end':
      case 'problem':
        break
      default:
        event satisfies never
    }
  }
  return `${blocks.join('\n\n')}\n`
}

// As a note: whoever reads a hand-out has the answer before the eyes anyway.
function quizBlocks(quiz: Quiz | undefined): readonly string[] {
  if (quiz === undefined) return []
  const { question, choices, answer, why } = quiz
  return [
    `**Question.** ${plain(question)}`,
    choices.map((choice) => `- ${plain(choice)}`).join('\n'),
    `**Answer.** ${plain(answer)}. ${why.trim()}`,
  ]
}

function inputTable({ inputs }: Recipe): string {
  const rows = inputs.map(({ name, description, default: value, secret }) => {
    const shown = secret ? 'secret' : value === undefined ? 'required' : codeOf(value)
    return `| \`${name}\` | ${shown.replaceAll('|', '\\|')} | ${plain(description ?? '').replaceAll('|', '\\|')} |`
  })
  return ['| input | value | meaning |', '|---|---|---|', ...rows].join('\n')
}

function answer(exchange: ExchangeRecord): string {
  if (exchange.status === undefined) return exchange.problem?.message ?? 'no answer'
  const words = STATUS_CODES[exchange.status]
  const lines = [`${exchange.status}${words === undefined ? '' : ` ${words}`}`]
  for (const [name, value] of exchange.responseHeaders ?? []) lines.push(`${name}: ${value}`)
  const body = exchange.responseBody
  if (body !== undefined && body.size > 0)
    lines.push(
      '',
      body.text === undefined ? `(${body.size} bytes)` : shortened(prettyJson(body.text), body.size),
    )
  return lines.join('\n')
}

function shortened(text: string, size: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}\n… (${size} bytes in all)`
}

// A fence is longer than any within, so that no answer can end it.
function fence(language: string, text: string): string {
  const runs = [...text.matchAll(/`{3,}/g)].map(([run]) => run.length + 1)
  const ticks = '`'.repeat(Math.max(3, ...runs))
  return `${ticks}${language}\n${paged(text)}\n${ticks}`
}

function codeOf(value: Json): string {
  const text = typeof value === 'string' ? value : jsonText(value)
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length + 1)
  const ticks = '`'.repeat(Math.max(1, ...runs))
  const padding = ticks.length > 1 ? ' ' : ''
  return `${ticks}${padding}${paged(text).replaceAll('\n', ' ')}${padding}${ticks}`
}

// Names and messages are text, not Markdown or HTML.
function plain(text: string): string {
  return paged(text)
    .replaceAll('\n', ' ')
    .replace(/[\\`*_[\]<>#|]/g, '\\$&')
}

// As on a terminal, but for what Markdown itself needs: line breaks, and the tabs of answers and commands.
function paged(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/[^\n\t]+/g, visible)
}
