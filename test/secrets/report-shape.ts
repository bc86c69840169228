import type { Shown } from './eventful-suite.ts'

/** Members whose texts are words of osrun's own. */
const ownWords = new Set(
  'type status exit code from phase level verb step id time kind method name file'.split(' '),
)
/** In an HTTP archive names are those of headers. */
const archiveWords = new Set('method status httpVersion startedDateTime version'.split(' '))

// What there is of a value besides texts of others: keys, numbers, and the words of osrun's own.
function shapeOf(value: unknown, words = ownWords, key = ''): unknown {
  if (typeof value === 'string') return words.has(key) ? value : 'text'
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => shapeOf(item, words, key))
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, shapeOf(child, words, name)]))
}

const lines = (text: string): readonly string[] => text.split('\n')

/** The shape of a report: what a program takes from it, and what a reader sees at first sight. */
const shapes: Readonly<Record<string, (text: string) => unknown>> = {
  json: (text) => shapeOf(JSON.parse(text)),
  har: (text) => shapeOf(JSON.parse(text), archiveWords),
  ndjson: (text) => lines(text.trimEnd()).map((line) => shapeOf(JSON.parse(line))),
  junit: (text) =>
    [...text.matchAll(/<[^>]*>/g)].map(([tag]) =>
      tag.replace(/ ([\w-]+)="([^"]*)"/g, (_all, name: string, value: string) =>
        /^(tests|failures|errors|skipped|type)$/.test(name) ? ` ${name}=${value}` : ` ${name}`,
      ),
    ),
  tap: (text) =>
    lines(text).flatMap((line) =>
      [...(/^ *(TAP.*|1\.\..*|(not )?ok \d+|# Subtest|[\w-]+:)/.exec(line) ?? [])].slice(0, 1),
    ),
  markdown: (text) => lines(text).map((line) => [...line.matchAll(/[|✅❌➖#]|<\/?\w+>/gu)].map(String)),
  html: (text) =>
    [
      ...text
        .replace(/<(pre|style|script|code)\b.*?<\/\1>/gs, '')
        .matchAll(/<(\/?\w+)(?:[^>]*? class="([^"]*)")?/g),
    ].map(([, tag, classes = '']) => `${tag}.${classes}`),
  outputs: (text) => lines(text).map((line) => line.replace(/(?<=^# [A-Z_]{4,} |=).*/s, '')),
  prometheus: (text) => lines(text).map((line) => line.replace(/"[^"]*"/g, '""')),
  nagios: (text) => text.replace(/ - .* \| /s, ' | '),
  terminal: (text) => lines(text).flatMap((line) => /^ *[✓✗!?$-](?= )/.exec(line)?.[0] ?? []),
}

/** What a run comes to, whatever its secrets are. */
export function shapeOfRun({ events, result, reports }: Shown): unknown {
  // The ids of runs are made anew each time.
  const ids = new Map(result.results.map(({ runId }, index) => [runId, `run-${index}`]))
  const plain = (text: string): string =>
    [...ids].reduce((renamed, [id, name]) => renamed.replaceAll(id, name), text)
  return {
    exit: result.exit,
    exits: result.results.map(({ exit, status }) => [exit, status]),
    events: shapeOf(JSON.parse(plain(JSON.stringify(events)))),
    result: shapeOf(JSON.parse(plain(JSON.stringify(result)))),
    reports: [...reports].map(([kind, text]) => [kind, shapes[kind]?.(plain(text))]),
  }
}
