import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { writeWhole } from '../../util/files/file-draft.ts'
import type { Io } from '../io.ts'

/**
 * Writes the authority of a sandbox that speaks TLS to a file, because OS_CACERT and curl's --cacert take nothing else: into
 * the folder that keeps its state, or else into one that goes when it is disposed. No path without TLS.
 */
export async function keepAuthority(
  { authority }: Sandbox,
  { temporary }: Pick<Io, 'temporary'>,
  data?: string,
): Promise<AsyncDisposable & { readonly path: string | undefined }> {
  if (authority === undefined) return { path: undefined, [Symbol.asyncDispose]: async () => {} }
  if (data !== undefined) {
    const path = resolve(data, 'ca.pem')
    await writeWhole(path, authority, 0o600)
    return { path, [Symbol.asyncDispose]: async () => {} }
  }
  const folder = await mkdtemp(join(temporary, 'osrun-sandbox-'))
  const path = join(folder, 'ca.pem')
  await writeFile(path, authority)
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
