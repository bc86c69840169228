/** An access list as Swift keeps it, or what is wrong with it: https://docs.openstack.org/swift/latest/overview_acl.html */
export function cleanList(
  header: 'X-Container-Read' | 'X-Container-Write',
  value: string,
): string | { readonly error: string } {
  const kept: string[] = []
  for (const entry of value.split(',').map((one) => one.trim())) {
    if (entry === '') continue
    const [, first = '', second = ''] = /^([^:]*):(.*)$/s.exec(entry)?.map((part) => part.trim()) ?? []
    if (!entry.includes(':') || !first.startsWith('.')) {
      kept.push(entry)
      continue
    }
    const quoted = pythonText(entry)
    if (!['.r', '.ref', '.referer', '.referrer'].includes(first))
      return { error: `Unknown designator ${pythonText(first)} in ACL: ${quoted}` }
    if (header === 'X-Container-Write') return { error: `Referrers not allowed in write ACL: ${quoted}` }
    const not = second.startsWith('-')
    const host = (not ? second.slice(1).trim() : second).replace(/^\*(?=.)/, '')
    if (host === '' || host === '.')
      return { error: `No host/domain value after referrer designation in ACL: ${quoted}` }
    kept.push(`.r:${not ? '-' : ''}${host}`)
  }
  return kept.join(',')
}

function pythonText(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`
}
