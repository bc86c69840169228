import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OsrunError } from '../model/problem.ts'

/** The files of a page, ready to be sent, by the names under which the page asks for them. */
export type PageFiles = ReadonlyMap<string, { readonly type: string; readonly text: string }>

/** Reads what the build made of one page: `NAME.js`, and the style of all pages, from the build's folder. */
export async function readPage(folder: string, name: 'lessons' | 'board'): Promise<PageFiles> {
  try {
    const [script, style] = await Promise.all([
      readFile(join(folder, `${name}.js`), 'utf8'),
      readFile(join(folder, 'page.css'), 'utf8'),
    ])
    return new Map([
      ['', { type: 'text/html; charset=utf-8', text: shell }],
      ['page.js', { type: 'text/javascript; charset=utf-8', text: script }],
      ['page.css', { type: 'text/css; charset=utf-8', text: style }],
    ])
  } catch (cause) {
    throw new OsrunError('FILE_UNREADABLE', `The page is not in "${folder}".`, {
      hint: 'It comes with the program: install osrun again.',
      cause,
    })
  }
}

const shell = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>osrun</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='%230a5cc2'/%3E%3C/svg%3E">
<link rel="stylesheet" href="page.css">
</head>
<body>
<noscript>This page needs JavaScript. osrun learn without --web does the same in a terminal.</noscript>
<script src="page.js"></script>
</body>
</html>
`
