import type { Route } from '../route.ts'
import * as rules from './access-rules.ts'
import type { Target } from './grants.ts'
import * as grants from './grants.ts'
import * as projects from './projects.ts'
import * as users from './users.ts'

/** What an administrator does with users, projects and roles, and everybody with what is his own. */
export const peopleRoutes: readonly Route[] = [
  { path: /^\/v3\/users$/, methods: { GET: users.listUsers, POST: users.createUser } },
  {
    path: /^\/v3\/users\/([^/]+)$/,
    methods: {
      GET: (call, state, id = '') => users.showUser(call, state, id),
      PATCH: (call, state, id = '') => users.updateUser(call, state, id),
      DELETE: (call, state, id = '') => users.deleteUser(call, state, id),
    },
  },
  {
    path: /^\/v3\/users\/([^/]+)\/password$/,
    methods: { POST: (call, state, id = '') => users.changePassword(call, state, id) },
  },
  {
    path: /^\/v3\/users\/([^/]+)\/projects$/,
    methods: { GET: (call, state, id = '') => users.userProjects(call, state, id) },
  },
  {
    path: /^\/v3\/users\/([^/]+)\/groups$/,
    methods: { GET: (call, state, id = '') => users.userGroups(call, state, id) },
  },
  {
    path: /^\/v3\/users\/([^/]+)\/access_rules$/,
    methods: { GET: (call, state, id = '') => rules.listAccessRules(call, state, id) },
  },
  {
    path: /^\/v3\/users\/([^/]+)\/access_rules\/([^/]+)$/,
    methods: {
      GET: (call, state, id = '', rule = '') => rules.showAccessRule(call, state, id, rule),
      DELETE: (call, state, id = '', rule = '') => rules.deleteAccessRule(call, state, id, rule),
    },
  },
  { path: /^\/v3\/projects$/, methods: { GET: projects.listProjects, POST: projects.createProject } },
  {
    path: /^\/v3\/projects\/([^/]+)$/,
    methods: {
      GET: (call, state, id = '') => projects.showProject(call, state, id),
      PATCH: (call, state, id = '') => projects.updateProject(call, state, id),
      DELETE: (call, state, id = '') => projects.deleteProject(call, state, id),
    },
  },
  { path: /^\/v3\/role_assignments$/, methods: { GET: grants.listAssignments } },
  ...grantRoutes(/^\/v3\/(projects|domains)\/([^/]+)/, (kind, id) => ({
    kind: kind === 'domains' ? kind : 'projects',
    id,
  })),
  ...grantRoutes(/^\/v3\/(system)()/, () => ({ kind: 'system', id: '' })),
]

function grantRoutes(start: RegExp, targetOf: (kind: string, id: string) => Target): readonly Route[] {
  const after = (path: string): RegExp => new RegExp(`${start.source}/users/([^/]+)/roles${path}$`)
  return [
    {
      path: after(''),
      methods: {
        GET: (call, state, ...[kind = '', id = '', user = '']) =>
          grants.listGrants(call, state, targetOf(kind, id), user),
      },
    },
    {
      path: after('/([^/]+)'),
      methods: {
        GET: (call, state, ...[kind = '', id = '', user = '', role = '']) =>
          grants.checkGrant(call, state, targetOf(kind, id), [user, role]),
        PUT: (call, state, ...[kind = '', id = '', user = '', role = '']) =>
          grants.addGrant(call, state, targetOf(kind, id), [user, role]),
        DELETE: (call, state, ...[kind = '', id = '', user = '', role = '']) =>
          grants.removeGrant(call, state, targetOf(kind, id), [user, role]),
      },
    },
  ]
}
