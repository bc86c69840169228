import { BlockList, isIP } from 'node:net'

/**
 * The proxy for a URL by curl's variables: http_proxy (lower case only, since CGI fills HTTP_PROXY from a
 * request's header; both are taken here as a command line is no CGI), https_proxy, all_proxy, no_proxy.
 * https://everything.curl.dev/usingcurl/proxies/env.html
 */
export function proxyFor(
  url: URL,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const read = (name: string): string | undefined =>
    environment[name] || environment[name.toUpperCase()] || undefined
  const proxy = read(url.protocol === 'https:' ? 'https_proxy' : 'http_proxy') ?? read('all_proxy')
  if (proxy === undefined || isExempt(url, read('no_proxy') ?? '')) return undefined
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`
}

function isExempt(url: URL, noProxy: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return noProxy.split(/[\s,]+/).some((entry) => {
    if (entry === '') return false
    if (entry === '*') return true
    const { name, wantedPort } = splitEntry(entry.toLowerCase())
    if (wantedPort !== undefined && wantedPort !== port) return false
    if (name.includes('/')) return isWithin(host, name)
    const suffix = name.replace(/^\*?\./, '')
    return host === suffix || (isIP(host) === 0 && host.endsWith(`.${suffix}`))
  })
}

// An address of IPv6 has a port only behind brackets.
function splitEntry(entry: string): { readonly name: string; readonly wantedPort: string | undefined } {
  if (isIP(entry.replace(/\/\d+$/, '')) === 6) return { name: entry, wantedPort: undefined }
  const [, inBrackets, plain = '', wantedPort] = /^(?:\[(.*)\]|(.*?))(?::(\d+))?$/.exec(entry) ?? []
  return { name: inBrackets ?? plain, wantedPort }
}

function isWithin(host: string, block: string): boolean {
  const [network = '', bits = ''] = block.split('/')
  const family = isIP(host)
  if (
    family === 0 ||
    isIP(network) !== family ||
    !/^\d{1,3}$/.test(bits) ||
    Number(bits) > (family === 4 ? 32 : 128)
  )
    return false
  const blocks = new BlockList()
  const kind = family === 4 ? 'ipv4' : 'ipv6'
  blocks.addSubnet(network, Number(bits), kind)
  return blocks.check(host, kind)
}
