import { randomUUID } from 'node:crypto'
import { afterAll } from 'vitest'
import { connect } from '../../src/library/index.ts'
import { ask, login, type Participant } from '../course/participant.ts'
import { type Classroom, testPractices } from '../course/practices.ts'
import { cloudOf, environment, facts } from './cloud.ts'

// A user of its own, who is in two projects; the course's learner may see others' application credentials and containers.
const name = `participant-${randomUUID()}`
const admin = connect({
  cloud: await cloudOf({
    ...environment,
    OS_USERNAME: facts.admin.name,
    OS_PASSWORD: facts.admin.password,
    OS_PROJECT_NAME: 'admin',
  }),
})
const hidden = { region: 'GRA1', container: `hidden-${randomUUID()}` }
const participant: Participant = {
  authUrl: facts.authUrl,
  name,
  password: "can't guess",
  project: 'workshop',
  region: 'SBG1',
}
let userId: string | undefined

testPractices(async (): Promise<Classroom> => {
  userId = await makeUser()
  const { auth, endpointIn } = await login(participant)
  const container = `${endpointIn(hidden.region)}/${hidden.container}`
  await ask('PUT', container, auth)
  await ask('PUT', `${container}/where.txt`, auth, 'here')
  const cloud = await cloudOf({ ...environment, OS_USERNAME: name, OS_PASSWORD: participant.password })
  return { ...participant, cloud, userId, hidden, catalogUrl: facts.authUrl, tokenLife: 3600 }
})

afterAll(async () => {
  if (userId === undefined) return
  const { auth, endpointIn } = await login(participant)
  const container = `${endpointIn(hidden.region)}/${hidden.container}`
  await ask('DELETE', `${container}/where.txt`, auth)
  await ask('DELETE', container, auth)
  await admin.request('DELETE', `${facts.authUrl}/users/${userId}`)
  await admin.close()
})

async function makeUser(): Promise<string> {
  const user = { name, domain_id: 'default', password: participant.password }
  const { id } = (await call('POST', 'users', { user })).user
  const { roles } = await call('GET', 'roles')
  for (const role of ['member', 'objectstore_operator'])
    for (const project of ['workshop', 'vault'])
      await call('PUT', `projects/${facts.projects[project]}/users/${id}/roles/${idOf(roles, role)}`)
  return id
}

async function call(method: string, path: string, json?: object) {
  const { status, body } = await admin.request(method, `${facts.authUrl}/${path}`, {
    ...(json && {
      headers: [['Content-Type', 'application/json']],
      body: { kind: 'text', text: JSON.stringify(json) },
    }),
  })
  if (status >= 300) throw new Error(`${method} ${path} was answered with ${status}`)
  return JSON.parse(new TextDecoder().decode(body) || '{}')
}

function idOf(all: readonly { readonly id: string; readonly name: string }[], wanted: string): string {
  return all.find(({ name }) => name === wanted)?.id ?? ''
}
