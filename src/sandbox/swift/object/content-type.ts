const byEnding: Readonly<Record<string, string>> = {
  css: 'text/css',
  csv: 'text/csv',
  gif: 'image/gif',
  gz: 'application/gzip',
  htm: 'text/html',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'application/javascript',
  json: 'application/json',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  txt: 'text/plain',
  webp: 'image/webp',
  xml: 'text/xml',
  zip: 'application/zip',
}

/** The type of an object put without one, guessed by its name. */
export function guessType(name: string): string {
  return byEnding[/\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream'
}

/** As listings show it: no space before parameters. */
export function storedType(type: string): string {
  return type.replace(/;\s+/g, ';')
}

/** As an object's own answers show it: a space before its charset. */
export function shownType(type: string): string {
  return type.replace(/;\s*charset=/i, '; charset=')
}
