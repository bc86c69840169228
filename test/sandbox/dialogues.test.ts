import { expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { account, login } from './ask.ts'
import { speak } from './dialogue.ts'
import { dialogues } from './dialogues.ts'

// The golden files are what a real Swift 2.30 answered: test/cloud/dialogues.test.ts compares them with one.
test.each(Object.keys(dialogues))('the small Swift answers as the real one did: %s', async (name) => {
  await using sandbox = await startSandbox()
  const port = Number(new URL(sandbox.url).port)
  const partner = { port, account, token: await login(sandbox), container: 'osrun-01234567' }
  const said = await speak(dialogues[name] ?? [], partner)
  await expect(said).toMatchFileSnapshot(`../golden/swift/${name}.txt`)
})
