import { startProcess } from './osrun-process.ts'

/** A sandbox of its own process, on that folder, in which everybody has the password `pw`. */
export async function serveKept(data: string, flags: readonly string[] = []) {
  const { child, ended } = startProcess(['sandbox', '--data', data, ...flags], {
    OSRUN_SANDBOX_PASSWORD: 'pw',
  })
  const url = await new Promise<string>((resolve) => {
    let text = ''
    child.stdout?.on('data', (part: string) => {
      text += part
      const found = /OSRUN_SANDBOX_URL='?([^'\s]+)'?\n/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  return {
    url,
    child,
    ended,
    stop(signal: NodeJS.Signals = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}
