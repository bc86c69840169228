import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { speakOfPeople } from '../sandbox/people-dialogue.ts'
import { facts } from './cloud.ts'

// test/sandbox/people.test.ts holds the small Keystone to what is written down here.
test('a real Keystone answers an administrator of users, projects and roles as it was written down', async () => {
  const { name, password } = facts.admin
  const said = await speakOfPeople({
    authUrl: facts.authUrl,
    admin: { name, password, project: name },
    name: `people-${randomBytes(4).toString('hex')}`,
  })
  await expect(said).toMatchFileSnapshot('../golden/keystone/people.txt')
})
