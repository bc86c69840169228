/** A path without slashes at its end, in one pass: `/\/+$/` looks from each slash of the path anew. */
export function withoutEndSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end--
  return path.slice(0, end)
}

/** A path without slashes at both ends. */
export function withoutOuterSlashes(path: string): string {
  return withoutEndSlashes(path.replace(/^\/+/, ''))
}
