import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'osrun-nowhere-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

/** A path where nothing is, on any machine. */
export const nowhere: string = join(folder, 'nothing')
