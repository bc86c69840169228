import { expect, test } from 'vitest'
import { connect } from '../../src/library/index.ts'
import { speakOfEc2 } from '../sandbox/ec2-dialogue.ts'
import { cloudOf, environment, facts } from './cloud.ts'

// test/sandbox/ec2.test.ts holds the small Keystone to what is written down here.
test('a real Keystone answers about EC2 credentials as it was written down', async () => {
  const session = connect({ cloud: await cloudOf(environment) })
  const { id, user, project } = await session.token()
  const said = await speakOfEc2({
    authUrl: facts.authUrl,
    token: { id, user: user.id, project: project?.id ?? '' },
    other: facts.users.onlooker?.id ?? '',
  })
  await session.close()
  await expect(said).toMatchFileSnapshot('../golden/keystone/ec2.txt')
})
