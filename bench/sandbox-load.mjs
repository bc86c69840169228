// sandbox-load.mjs small|containers|large: asks the object store of OS_*, and prints its figures as JSON.
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { Agent } from 'undici'
import { login } from './login.mjs'

const parallel = 8
const agent = new Agent({ connections: parallel })
const { token, url } = await login(agent)
const { origin, pathname } = new URL(url)

async function ask(method, path, expected, body) {
  const headers = { 'X-Auth-Token': token }
  const answer = await agent.request({ origin, path: `${pathname}${path}`, method, headers, body })
  if (answer.statusCode !== expected)
    throw new Error(`${method} ${path}: ${answer.statusCode} ${await answer.body.text()}`)
  return answer.body
}

/** Milliseconds that so many requests take, some at a time; `one` gets the number of each. */
async function timeOf(requests, one) {
  const began = performance.now()
  let next = 0
  const worker = async () => {
    while (next < requests) {
      const number = next
      next += 1
      await one(number)
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  return performance.now() - began
}

const put = async (path, body) => (await ask('PUT', path, 201, body)).dump()

const loads = {
  async small() {
    const requests = 20_000
    const body = Buffer.alloc(1000, 'x')
    await put('/load')
    const puts = await timeOf(requests, (number) => put(`/load/${number}`, body))
    const gets = await timeOf(requests, async (number) => {
      const got = await (await ask('GET', `/load/${number}`, 200)).arrayBuffer()
      if (got.byteLength !== body.length) throw new Error(`${got.byteLength} bytes`)
    })
    return { puts: (requests / puts) * 1000, gets: (requests / gets) * 1000 }
  },
  async containers() {
    const all = 10_000
    await timeOf(all, (number) => put(`/many-${number}`))
    const began = performance.now()
    const listed = JSON.parse(await (await ask('GET', '?format=json&prefix=many-', 200)).text())
    if (listed.length !== all) throw new Error(`${listed.length} containers`)
    return { listing: performance.now() - began }
  },
  async large() {
    const bytes = 1024 ** 3
    await put('/load')
    await put('/load/large', Readable.from(zeros(bytes)))
    let got = 0
    for await (const chunk of await ask('GET', '/load/large', 200)) got += chunk.length
    if (got !== bytes) throw new Error(`${got} bytes`)
    return {}
  },
}

async function* zeros(bytes) {
  for await (const chunk of createReadStream('/dev/zero', { end: bytes - 1 })) yield chunk
}

const [, , load] = process.argv
console.log(JSON.stringify(await loads[load]()))
await agent.close()
