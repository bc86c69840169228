import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FormPart, HttpRequest, HttpResponse, Transport } from '../../src/model/exchange.ts'
import { okay, startRawServer } from './raw-server.ts'

/** The settings of TLS of all senders of forms. */
export const tls = { insecure: false }

/** Sends a form by a transport of its own. */
export async function send(
  transport: Transport,
  url: string,
  parts: readonly FormPart[],
): Promise<HttpResponse> {
  try {
    return await transport.send(requestFor(url, parts), { signal: AbortSignal.timeout(20_000) })
  } finally {
    await transport.close()
  }
}

/** A request that has a form. */
export function requestFor(url: string, parts: readonly FormPart[]): HttpRequest {
  return { method: 'POST', url, headers: [['Accept', '*/*']], body: { kind: 'multipart', parts } }
}

/** The forms that a transport refuses. */
export function describeRefusals(via: string, folder: string, transport: () => Transport): void {
  describe(via, () => {
    test.each([
      [{ name: 'a', file: join(folder, 'nothing') }, 'FILE_UNREADABLE'],
      [{ name: 'a', file: folder }, 'FILE_UNREADABLE'],
      [{ name: '', text: 'b' }, 'URL_INVALID'],
      [{ name: 'a=b', text: 'b' }, 'URL_INVALID'],
      [{ name: 'a', text: 'b\0c' }, 'URL_INVALID'],
      [{ name: 'a', text: 'b', type: 'text/x;filename=y z' }, 'URL_INVALID'],
      [{ name: 'a', text: 'b', type: 'text' }, 'URL_INVALID'],
    ] as const)('%j is refused before anything is sent', async (part, code) => {
      const { base, requests } = await startRawServer(() => okay())
      await expect(send(transport(), `${base}/`, [part])).rejects.toMatchObject({ code })
      expect(requests).toEqual([])
    })
  })
}
