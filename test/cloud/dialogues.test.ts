import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { connect } from '../../src/library/index.ts'
import { speak } from '../sandbox/dialogue.ts'
import { dialogues } from '../sandbox/dialogues.ts'
import { cloudOf, environment } from './cloud.ts'

// The golden files are what the real Swift answered; test/sandbox/dialogues.test.ts holds the small one to them.
test.each(Object.keys(dialogues))('a real Swift answers as it was written down: %s', async (name) => {
  const session = connect({ cloud: await cloudOf(environment) })
  const { url } = await session.endpoint('object-store')
  const { port, pathname } = new URL(url)
  const container = `osrun-${randomBytes(4).toString('hex')}`
  const token = await session.token()
  const said = await speak(dialogues[name] ?? [], {
    port: Number(port),
    account: pathname,
    token: token.id,
    container,
  })
  await session.close()
  await expect(said).toMatchFileSnapshot(`../golden/swift/${name}.txt`)
})
