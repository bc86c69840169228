import { type IncomingHttpHeaders, request } from 'node:http'

/** What a server answered. */
export type Answered = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Asks a server with exactly these headers, which a browser or `fetch` would not let one send. */
export function ask(
  url: string,
  options: {
    readonly method?: string
    readonly headers?: Record<string, string>
    readonly body?: string
  } = {},
): Promise<Answered> {
  const { method = 'GET', headers = {}, body } = options
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      response.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** Asks for something in JSON, as a page does. */
export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return ask(url, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: text })
}

/** A page that only listens. */
export type Listener<Message> = AsyncDisposable & {
  /** All that was told so far. */
  readonly messages: readonly Message[]
  /** Waits until something of what was told, or will be, is so. */
  until(isSo: (message: Message) => boolean): Promise<Message>
}

/** Listens to server-sent events. */
export async function listen<Message>(url: string): Promise<Listener<Message>> {
  const messages: Message[] = []
  const waiting = new Set<() => void>()
  const abort = new AbortController()
  const response = await fetch(url, { signal: abort.signal })
  if (!response.ok || response.body === null) throw new Error(`${response.status} of ${url}`)
  const read = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true })
      const events = text.split('\n\n')
      text = events.pop() ?? ''
      for (const event of events)
        if (event.startsWith('data: ')) messages.push(JSON.parse(event.slice('data: '.length)) as Message)
      for (const look of waiting) look()
    }
  }
  const reading = read(response.body as unknown as AsyncIterable<Uint8Array>).catch(() => {})
  return {
    messages,
    until(isSo) {
      return new Promise((resolve) => {
        const look = (): void => {
          const found = messages.find(isSo)
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      })
    },
    async [Symbol.asyncDispose]() {
      abort.abort()
      await reading
    },
  }
}
