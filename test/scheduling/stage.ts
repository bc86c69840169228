import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where the examples of docs/scheduling are. */
export const examples = 'docs/scheduling'

/** A machine as the examples expect it, in a folder: programs, configuration, state. */
export type Stage = Disposable & {
  readonly folder: string
  /** The text of an example, with the paths of this stage. */
  read(name: string): string
  /** A file of the stage, by the path that the examples know it by. */
  at(path: string): string
}

const paths = ['/etc/osrun', '/var/lib/osrun', '/var/lib/prometheus/node-exporter', '/usr/local/bin'] as const

/** Sets a stage on which `osrun` is the built program, with `more` at its end, and `mycloud` is the cloud of the environment. */
export function setStage(environment: Readonly<Record<string, string>>, more = ''): Stage {
  const folder = mkdtempSync(join(tmpdir(), 'osrun-scheduled-'))
  const at = (path: string): string => join(folder, path)
  for (const path of paths) mkdirSync(at(path), { recursive: true })
  const program = `#!/bin/sh\nexec '${process.execPath}' '${process.cwd()}/bin/osrun.cjs' "$@" ${more}\n`
  writeFileSync(at('/usr/local/bin/osrun'), program)
  writeFileSync(at('/usr/local/bin/npx'), '#!/bin/sh\nexec "$@"\n')
  for (const name of ['osrun', 'npx']) chmodSync(at(`/usr/local/bin/${name}`), 0o755)
  const auth = {
    auth_url: environment.OS_AUTH_URL,
    username: environment.OS_USERNAME,
    password: environment.OS_PASSWORD,
    user_domain_name: environment.OS_USER_DOMAIN_NAME,
    project_name: environment.OS_PROJECT_NAME,
    project_domain_name: environment.OS_PROJECT_DOMAIN_NAME,
  }
  const clouds = { clouds: { mycloud: { auth, region_name: environment.OS_REGION_NAME } } }
  writeFileSync(at('/etc/osrun/clouds.yaml'), JSON.stringify(clouds), { mode: 0o600 })
  return {
    folder,
    at,
    read: (name) =>
      paths.reduce(
        (text, path) => text.replaceAll(path, at(path)),
        readFileSync(join(examples, name), 'utf8'),
      ),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
