// How much of what the tests of others find in a real Keystone and Swift they find in the sandbox, too: Tempest, OpenStack's
// own test suite, and the functional tests of Swift's source. `npm run fidelity` runs them on both. It ends with 1 when a
// test fails on the sandbox only and known.json does not say why, and when known.json names a test that does not.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { makeAccounts } from './accounts.mjs'
import { compare } from './compare.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const readJson = async (path) => JSON.parse(await readFile(path, 'utf8'))
const roles = ['objectstore_operator', 'member', 'reader']
const sandboxPassword = 'fidelity-password'

/** Each judge: the script that runs it, what it is given besides, and how many of the accounts it may use. */
const judges = {
  tempest: { name: 'Tempest', script: 'tempest-run.py', words: [], accounts: 2 },
  swift: {
    name: "Swift's functional tests",
    script: 'swift-run.py',
    words: [process.env.OSRUN_SWIFT_SOURCE],
    accounts: 3,
  },
}

// What the sandbox runs: it tells where it is, and ends when nobody needs it any more.
const printEnvironment = `
const { OS_AUTH_URL, OS_REGION_NAME } = process.env
process.stdout.write(JSON.stringify({ OS_AUTH_URL, OS_REGION_NAME }))
process.stdin.resume().on('end', () => process.exit())`

const folder = await mkdtemp(join(tmpdir(), 'osrun-fidelity-'))
try {
  const cloud = await readJson(join(process.env.OSRUN_CLOUD_DIR, 'cloud.json'))
  const known = await readJson(here('known.json'))
  const wanted = process.argv.slice(2)
  for (const [id, judge] of Object.entries(judges)) {
    if (wanted.length > 0 && !wanted.includes(id)) continue
    const real = await onRealCloud(judge, cloud)
    const sandbox = await onSandbox(judge)
    const { text, isAsKnown } = compare(real, sandbox, known[id])
    process.stdout.write(`${judge.name}: ${text}`)
    if (!isAsKnown) process.exitCode = 1
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function onRealCloud(judge, facts) {
  const environment = { OS_AUTH_URL: facts.authUrl, OS_REGION_NAME: facts.regions[0] }
  return await withAccounts(facts, (accounts) => outcomes('the real cloud', judge, accounts, environment))
}

async function onSandbox(judge) {
  const environment = { ...process.env, OSRUN_SANDBOX_PASSWORD: sandboxPassword }
  const program = [here('../../bin/osrun.cjs'), 'sandbox', '--', process.execPath, '-e', printEnvironment]
  const child = spawn(process.execPath, program, { stdio: ['pipe', 'pipe', 'inherit'], env: environment })
  try {
    const [line] = await once(child.stdout, 'data')
    const given = JSON.parse(line)
    const facts = {
      authUrl: given.OS_AUTH_URL,
      admin: { name: 'admin', project: 'service', password: sandboxPassword },
    }
    return await withAccounts(facts, (accounts) => outcomes('the sandbox', judge, accounts, given))
  } finally {
    child.stdin.end()
    if (child.exitCode === null) await once(child, 'exit')
  }
}

async function withAccounts(facts, use) {
  const { accounts, remove } = await makeAccounts(facts, roles)
  try {
    return await use(accounts)
  } finally {
    await remove()
  }
}

/** Runs a judge's tests on one cloud; gives back the outcome of each by its id. */
async function outcomes(cloud, judge, accounts, environment) {
  process.stderr.write(`${judge.name} on ${cloud}.\n`)
  const [given, results] = [join(folder, 'accounts.json'), join(folder, 'results.json')]
  await writeFile(given, JSON.stringify(accounts.slice(0, judge.accounts).map(forTests)))
  await rm(results, { force: true })
  // The packaged programs want the packaged Python.
  const child = spawn('/usr/bin/python3', [here(judge.script), given, results, ...judge.words], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...environment },
  })
  const [status, signal] = await once(child, 'exit')
  if (status !== 0) throw new Error(`${judge.name} on ${cloud} ended with ${signal ?? status}.`)
  return await readJson(results)
}

function forTests({ username, password, project, domain, roles: granted }) {
  return {
    username,
    password,
    project_name: project,
    user_domain_name: domain,
    project_domain_name: domain,
    roles: granted,
  }
}
