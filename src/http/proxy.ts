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
    const [, name = '', wantedPort] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry.toLowerCase()) ?? []
    if (wantedPort !== undefined && wantedPort !== port && !entry.includes('::')) return false
    const suffix = name.replace(/^\*?\./, '')
    return host === suffix || host.endsWith(`.${suffix}`)
  })
}
