// How much of what Tempest, OpenStack's own test suite, finds in a real Keystone and Swift it finds in the sandbox, too.
// `npm run fidelity` runs its tests on both. It ends with 1 when a test fails on the sandbox only and known.json does not
// say why, and when known.json names a test that does not.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { compare } from './compare.mjs'
import { makeAccounts } from './real-accounts.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const readJson = async (path) => JSON.parse(await readFile(path, 'utf8'))
const roles = ['objectstore_operator', 'member', 'reader']

const folder = await mkdtemp(join(tmpdir(), 'osrun-fidelity-'))
try {
  const real = await onRealCloud(await readJson(join(process.env.OSRUN_CLOUD_DIR, 'cloud.json')))
  const sandbox = await onSandbox()
  const { text, isAsKnown } = compare(real, sandbox, await readJson(here('known.json')))
  process.stdout.write(text)
  process.exitCode = isAsKnown ? 0 : 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function onRealCloud(facts) {
  const { accounts, remove } = await makeAccounts(facts, roles)
  try {
    const environment = { OS_AUTH_URL: facts.authUrl, OS_REGION_NAME: facts.regions[0] }
    return await outcomes('the real cloud', [], { accounts, environment })
  } finally {
    await remove()
  }
}

async function onSandbox() {
  const password = 'fidelity-password'
  const accounts = [
    { username: 'learner', password, project: 'workshop', domain: 'Default' },
    { username: 'smith', password, project: 'forge', domain: 'Guild' },
  ]
  const prefix = [process.execPath, here('../../bin/osrun.cjs'), 'sandbox', '--']
  return await outcomes('the sandbox', prefix, {
    accounts,
    environment: { OSRUN_SANDBOX_PASSWORD: password },
  })
}

/** Runs the tests on one cloud, by way of `prefix`; gives back the outcome of each by its id. */
async function outcomes(cloud, prefix, { accounts, environment }) {
  process.stderr.write(`Tempest runs on ${cloud}.\n`)
  const [given, results] = [join(folder, 'accounts.json'), join(folder, 'results.json')]
  await writeFile(given, JSON.stringify(accounts.map(forTempest)))
  await rm(results, { force: true })
  // The packaged Tempest wants the packaged Python.
  const [program, ...words] = [...prefix, '/usr/bin/python3', here('tempest-run.py'), given, results]
  const child = spawn(program, words, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...environment },
  })
  const [status, signal] = await once(child, 'exit')
  if (status !== 0) throw new Error(`Tempest on ${cloud} ended with ${signal ?? status}.`)
  return await readJson(results)
}

function forTempest({ username, password, project, domain }) {
  return {
    username,
    password,
    project_name: project,
    user_domain_name: domain,
    project_domain_name: domain,
    roles,
  }
}
