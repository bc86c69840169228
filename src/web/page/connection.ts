import type { PageAction } from '../message.ts'

/** What a page does with its server. */
export type Connection = {
  /** Asks for something; false where the server is not there. */
  send(action: PageAction): Promise<boolean>
}

/**
 * Listens to the server's events while the page is to be seen: a browser has six connections for all its pages. Each time
 * all is told anew. The id of the page stays with its tab.
 */
export function connect<Message>(
  onMessage: (message: Message) => void,
  onState: (isOpen: boolean) => void,
): Connection {
  const session = sessionId()
  let source: EventSource | undefined
  const open = (): void => {
    source?.close()
    source = new EventSource(`events?session=${session}`)
    source.onopen = () => onState(true)
    source.onerror = () => onState(false)
    source.onmessage = ({ data }: MessageEvent<string>) => onMessage(JSON.parse(data) as Message)
  }
  const follow = (): void => {
    if (document.visibilityState === 'visible') open()
    else source?.close()
  }
  document.addEventListener('visibilitychange', follow)
  window.addEventListener('pageshow', ({ persisted }) => persisted && open())
  window.addEventListener('pagehide', () => {
    source?.close()
    void post({ type: 'leave' })
  })
  const post = async (action: PageAction): Promise<boolean> => {
    try {
      const response = await fetch(`actions?session=${session}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(action),
        keepalive: action.type === 'leave',
      })
      // A session that has ended begins anew.
      if (response.status === 409) open()
      return response.ok
    } catch {
      onState(false)
      return false
    }
  }
  follow()
  return { send: post }
}

function sessionId(): string {
  const known = sessionStorage.getItem('session')
  if (known !== null) return known
  const made = crypto.randomUUID()
  sessionStorage.setItem('session', made)
  return made
}
