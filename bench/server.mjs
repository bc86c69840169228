// The sandbox, Keystones with large catalogs, and a server that swallows uploads and serves as many bytes as its path says.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { startSandbox } from '../dist/library/sandbox.js'
import { catalogServer } from './catalog-server.mjs'

const sandbox = await startSandbox()
const chunk = Buffer.alloc(65_536)
const bulk = createServer(async (request, response) => {
  if (request.method === 'PUT') {
    for await (const _ of request);
    response.writeHead(201).end()
    return
  }
  let left = Number(request.url.slice(1))
  response.writeHead(200, { 'content-length': left })
  while (left > 0) {
    const size = Math.min(left, chunk.length)
    left -= size
    if (!response.write(size === chunk.length ? chunk : chunk.subarray(0, size)))
      await once(response, 'drain')
  }
  response.end()
})
const urlOf = async (server) => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${server.address().port}`
}
const [bulkUrl, catalogUrl] = await Promise.all([bulk, catalogServer()].map(urlOf))
console.log(JSON.stringify({ environment: sandbox.environment, bulkUrl, catalogUrl }))
// Whoever started this is gone when its end of the pipe is.
process.stdin.resume().on('end', () => process.exit())
