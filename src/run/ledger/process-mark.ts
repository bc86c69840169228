import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { promisify } from 'node:util'
import type { ProcessMark } from './record.ts'

/** The mark of a process of this machine. What the system does not tell stays empty. */
export async function markProcess(pid: number): Promise<ProcessMark> {
  const [machineId, boot, namespace] = await Promise.all([
    textOf('/etc/machine-id'),
    textOf('/proc/sys/kernel/random/boot_id'),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ])
  const machine = `${hostname()} ${machineId}`.trim()
  return { pid, started: (await startOf(pid)) ?? '', machine, boot, namespace }
}

/**
 * Whether the process that a mark is of still runs. `unknown` where that cannot be proven from here: on another
 * machine, in another container, or where no system tells when a process started.
 */
export async function livenessOf(mark: ProcessMark): Promise<'alive' | 'dead' | 'unknown'> {
  const here = await markProcess(mark.pid)
  if (mark.machine !== here.machine) return 'unknown'
  // Nothing outlives a start of its machine; machines that share one name are told apart by their ids.
  if (mark.boot !== here.boot) return mark.machine.includes(' ') ? 'dead' : 'unknown'
  if (mark.namespace !== here.namespace || mark.started === '') return 'unknown'
  const started = await startOf(mark.pid)
  return started === mark.started ? 'alive' : 'dead'
}

// Field 22 of Linux's stat, in ticks since the start of the machine; the name in field 2 may hold anything.
// https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await textOf(`/proc/${pid}/stat`)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // A zombie runs no more: it waits for its parent to ask how it ended.
  if (stat !== '') return /^[ZX]/.test(fields[0] ?? '') ? undefined : fields[19]
  if ((await textOf('/proc/self/stat')) !== '') return undefined
  return startByPs(pid)
}

async function startByPs(pid: number): Promise<string | undefined> {
  try {
    const options = { env: { LC_ALL: 'C', TZ: 'UTC' } }
    const { stdout } = await promisify(execFile)('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], options)
    return stdout.trim() || undefined
  } catch {
    // ps ends with 1 when there is no such process, and is missing on systems where nothing can be proven.
    return undefined
  }
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => '',
  )
}
