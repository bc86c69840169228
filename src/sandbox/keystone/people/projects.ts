import { randomUUID } from 'node:crypto'
import type { Call } from '../../call.ts'
import type { Reply } from '../../reply.ts'
import { noContent, resource } from '../answer.ts'
import { type Fields, textOf } from '../body.ts'
import type { Identity } from '../identity/identity.ts'
import { callerOf } from '../login/tokens.ts'
import { forbidden, Refusal } from '../refusal.ts'
import {
  checkedName,
  domainIn,
  enabledIn,
  nameIn,
  projectOf,
  readFields,
  readsAll,
  requireAdmin,
  requireReader,
  wanted,
} from './access.ts'
import { describeProject, links, withExtra, withQuery } from './describe.ts'
import { keepProject, removeProject } from './directory.ts'
import type { Named, Project } from './people.ts'

/** `GET /v3/projects`. */
export function listProjects(call: Call, state: Identity): Reply {
  requireReader(call, state, 'list_projects')
  const projects = wanted(state.directory.projects.values(), call).map((one) => describeProject(one, state))
  return resource(200, { projects, links: links(withQuery('projects', call), state) })
}

/** `GET /v3/projects/{id}`: one with a role of one's own, or any. */
export function showProject(call: Call, state: Identity, id: string): Reply {
  const caller = callerOf(call, state)
  const isOwn = caller.scope.kind === 'project' && caller.scope.project.id === id
  if (!isOwn && !readsAll(caller)) throw forbidden('identity:get_project')
  return resource(200, { project: describeProject(projectOf(id, state), state) })
}

/** `POST /v3/projects`. */
export async function createProject(call: Call, state: Identity): Promise<Reply> {
  const caller = requireAdmin(call, state, 'create_project')
  const fields = await readFields(call, 'project')
  const name = nameIn(fields)
  if (fields.is_domain === true)
    throw new Refusal(501, 'The sandbox does not know projects that are domains.')
  const domain = domainIn(fields, caller, state)
  refuseTwin(name, domain, state)
  const project: Project = {
    id: newId(),
    name,
    domain,
    parentId: parentIn(fields, domain, state),
    description: textOf(fields.description) ?? '',
    enabled: enabledIn(fields, true),
    tags: tagsIn(fields) ?? [],
  }
  keepProject(project, state.directory, state.keeper)
  return resource(201, { project: describeProject(project, state) })
}

/** `PATCH /v3/projects/{id}`; one that is disabled has no tokens any more. */
export async function updateProject(call: Call, state: Identity, id: string): Promise<Reply> {
  requireAdmin(call, state, 'update_project')
  const project = projectOf(id, state)
  const fields = await readFields(call, 'project')
  const name = fields.name === undefined ? project.name : checkedName(fields)
  if (name !== project.name) refuseTwin(name, project.domain, state)
  const tags = tagsIn(fields)
  project.name = name
  project.enabled = enabledIn(fields, project.enabled)
  if (fields.description !== undefined) project.description = textOf(fields.description) ?? ''
  if (tags !== undefined) project.tags = tags
  if (!project.enabled) revokeTokens(project, state)
  keepProject(project, state.directory, state.keeper)
  return resource(200, { project: withExtra(describeProject(project, state), {}) })
}

/** `DELETE /v3/projects/{id}`: its tokens and credentials go with it; what it has in the object store stays, as it does there. */
export function deleteProject(call: Call, state: Identity, id: string): Reply {
  requireAdmin(call, state, 'delete_project')
  const project = projectOf(id, state)
  revokeTokens(project, state)
  for (const [key, credential] of state.credentials)
    if (credential.project === project) {
      state.credentials.delete(key)
      state.keeper?.note(['credential', key], undefined)
    }
  for (const [key, credential] of state.ec2Credentials)
    if (credential.project === id) {
      state.ec2Credentials.delete(key)
      state.keeper?.note(['ec2', key], undefined)
    }
  state.tokens.drop(({ scope }) => scope.kind === 'project' && scope.project === project)
  removeProject(id, state.directory, state.keeper)
  return noContent()
}

function revokeTokens(project: Project, state: Identity): void {
  state.tokens.revokeWhere(({ scope }) => scope.kind === 'project' && scope.project === project)
}

function refuseTwin(name: string, domain: Named, { directory }: Identity): void {
  const hasTwin = [...directory.projects.values()].some((one) => one.name === name && one.domain === domain)
  // The id is the one that the new project would have had.
  if (hasTwin)
    throw new Refusal(
      409,
      `Conflict occurred attempting to store project - it is not permitted to have two projects with either the same name or same id in the same domain: name is ${name}, project id ${newId()}.`,
    )
}

function newId(): string {
  return randomUUID().replaceAll('-', '')
}

function parentIn({ parent_id: given }: Fields, domain: Named, { directory }: Identity): string {
  const parent = textOf(given) ?? domain.id
  if (parent !== domain.id && !directory.projects.has(parent))
    throw new Refusal(404, `Could not find project: ${parent}.`)
  return parent
}

function tagsIn({ tags }: Fields): readonly string[] | undefined {
  if (tags === undefined) return undefined
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')) return [...new Set(tags)].sort()
  throw new Refusal(400, "Invalid input for field 'tags': it is not of type 'array'")
}
