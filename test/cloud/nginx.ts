import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** A server that ends TLS before the services of a cloud, as clouds have it. */
export type TlsFront = AsyncDisposable & {
  /** The URL that leads to the same by way of it. */
  secure(url: string): string
}

/**
 * Starts nginx with TLS and HTTP/2 before these origins, each on a port of its own; what the services say of their own URLs leads
 * through it as well, but for those in `asTheyAre`, such as an object store: what nginx changes has a weak ETag.
 */
export async function startNginx(
  origins: readonly string[],
  asTheyAre: readonly string[],
  { certFile, keyFile }: { readonly certFile: string; readonly keyFile: string },
): Promise<TlsFront> {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-nginx-'))
  const ports = new Map<string, number>()
  for (const origin of origins) ports.set(origin, await freePort())
  const secured = (origin: string): string => `https://127.0.0.1:${ports.get(origin)}`
  const file = join(folder, 'nginx.conf')
  const servers = origins.map(
    (origin) => `  server {
    listen 127.0.0.1:${ports.get(origin)} ssl http2;
    location / {
      proxy_pass ${origin};
      proxy_redirect ${origin}/ ${secured(origin)}/;
      sub_filter_types ${asTheyAre.includes(origin) ? 'text/x-none' : 'application/json'};
    }
  }`,
  )
  writeFileSync(
    file,
    `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${folder}/pid;
error_log ${folder}/error.log;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  ssl_certificate ${certFile};
  ssl_certificate_key ${keyFile};
  client_max_body_size 0;
  merge_slashes off;
  proxy_http_version 1.1;
  proxy_request_buffering off;
  proxy_set_header Connection "";
  sub_filter_once off;
  sub_filter_last_modified on;
  ${origins.map((origin) => `sub_filter ${origin} ${secured(origin)};`).join('\n  ')}
${servers.join('\n')}
}
`,
  )
  const child = spawn('nginx', ['-e', join(folder, 'error.log'), '-c', file], { stdio: 'inherit' })
  for (const port of ports.values()) await listens(port)
  return {
    secure(url) {
      const { origin } = new URL(url)
      return secured(origin) + url.slice(origin.length)
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
      rmSync(folder, { recursive: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { readonly port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function listens(port: number): Promise<void> {
  for (let left = 200; left > 0; left--) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (isOpen) return
    await pause(50)
  }
  throw new Error(`nginx does not listen at port ${port}.`)
}
