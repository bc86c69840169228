import { quote } from '../../call.ts'
import { listingTime } from '../times.ts'

/** What the container's metadata says of its site. */
export type Settings = {
  readonly index: string
  readonly error: string
  readonly listings: string
  readonly listingsCss: string
  readonly listingsLabel: string
  readonly directoryType: string
}

/** A row of a listing of one level; only an object has more than a name. */
export type LevelRow = {
  readonly name: string
  readonly bytes?: number
  readonly type?: string
  readonly modified?: number
}

/** The page of a listing of one level, as Swift writes it. */
export function listingPage(
  settings: Settings,
  label: string,
  prefix: string,
  rows: readonly LevelRow[],
): string {
  const title = escaped(label)
  const sorted = [...rows.filter(isLevel), ...rows.filter((row) => !isLevel(row))]
  return `${doctype}<html>
 <head>
  <title>Listing of ${title}</title>
${style(settings, prefix, tableStyle)} </head>
 <body>
  <h1 id="title">Listing of ${title}</h1>
  <table id="listing">
   <tr id="heading">
    <th class="colname">Name</th>
    <th class="colsize">Size</th>
    <th class="coldate">Date</th>
   </tr>
${prefix === '' ? '' : tableRow({ id: 'id="parent" class="item"', link: '../', name: '../' })}${sorted
  .map((row) => itemRow(row, prefix))
  .join('')}  </table>
 </body>
</html>
`
}

/** The page of a container that is not to be listed. */
export function disabledPage(settings: Settings, label: string, prefix: string): string {
  const { index } = settings
  const missing =
    index === ''
      ? ''
      : `<h1>Index File Not Found</h1> <p>The owner of this web site has set  <b>X-Container-Meta-Web-Index: ${index}</b>.  However, this file is not found.</p>`
  return `${doctype}<html>
<head>
<title>Listing of ${escaped(label)}</title>
${style(settings, prefix, paragraphStyle)}</head>
<body>  <h1>Web Listing Disabled</h1>   <p>The owner of this web site has disabled web listing.   <p>If you are the owner of this web site, you can enable   web listing by setting X-Container-Meta-Web-Listings.</p>${missing} </body>
</html>
`
}

const doctype =
  '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">\n'

const tableStyle = [
  'h1 {font-size: 1em; font-weight: bold;}',
  'th {text-align: left; padding: 0px 1em 0px 1em;}',
  'td {padding: 0px 1em 0px 1em;}',
  'a {text-decoration: none;}',
]

const paragraphStyle = ['h1 {font-size: 1em; font-weight: bold;}', 'p {font-size: 2}']

function style({ listingsCss: css }: Settings, prefix: string, own: readonly string[]): string {
  if (css === '')
    return `  <style type="text/css">\n${own.map((rule) => `   ${rule}\n`).join('')}  </style>\n`
  const isAbsolute = /^(\/|https?:\/\/)/.test(css)
  const up = '../'.repeat(prefix.split('/').length - 1)
  const href = isAbsolute ? quote(css).replaceAll('%3A', ':') : `${up}${quote(css)}`
  return `  <link rel="stylesheet" type="text/css" href="${href}" />\n`
}

function itemRow({ name, bytes, type = '', modified = 0 }: LevelRow, prefix: string): string {
  const shown = name.slice(prefix.length)
  if (bytes === undefined) return tableRow({ id: 'class="item subdir"', link: shown, name: shown })
  const kinds = type.split('/').map((part) => `type-${escaped(part.toLowerCase())}`)
  const date = listingTime(modified).replace(/\..*/, '').replace('T', ' ')
  return tableRow({
    id: `class="item ${kinds.join(' ')}"`,
    link: shown,
    name: shown,
    size: readable(bytes),
    date,
  })
}

function tableRow(row: {
  readonly id: string
  readonly link: string
  readonly name: string
  readonly size?: string
  readonly date?: string
}): string {
  return `   <tr ${row.id}>
    <td class="colname"><a href="${quote(row.link)}">${escaped(row.name)}</a></td>
    <td class="colsize">${row.size ?? '&nbsp;'}</td>
    <td class="coldate">${row.date ?? '&nbsp;'}</td>
   </tr>
`
}

function isLevel({ bytes }: LevelRow): boolean {
  return bytes === undefined
}

// 2560 bytes are 2Ki: halves go to the even number.
function readable(bytes: number): string {
  let [value, unit] = [bytes, '']
  for (const next of ['Ki', 'Mi', 'Gi', 'Ti']) {
    if (value < 1024) break
    const exact = value / 1024
    const rounded = Math.round(exact)
    value = exact % 1 === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded
    unit = next
  }
  return `${value}${unit}`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;')
}
