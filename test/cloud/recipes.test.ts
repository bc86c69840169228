import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createTransport, loadRecipe } from '../../src/library/index.ts'
import { runToEnd } from '../run/on-sandbox.ts'
import { formsOfSecret } from '../run/secret-forms.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { cloudOf, environment, facts, isLive, state } from './cloud.ts'

const files = shippedRecipes

describe.each(files)('%s on a real Keystone and Swift', (file) => {
  test('passes, leaves no live token and shows no secret', async () => {
    const tokens: string[] = []
    const real = createTransport({ tls: { insecure: false } })
    const transport = {
      send: async (...args: Parameters<typeof real.send>) => {
        const response = await real.send(...args)
        for (const [name, value] of response.headers) if (/^x-subject-token$/i.test(name)) tokens.push(value)
        return response
      },
      close: () => real.close(),
    }
    const { events, result } = await runToEnd(await loadRecipe(`recipes/${file}`), {
      cloud: await cloudOf(environment),
      transport,
    })
    await real.close()
    expect(result.problem).toBeUndefined()
    expect(result).toMatchObject({ status: 'passed', exit: 0, leftovers: [] })
    expect(tokens.length).toBeGreaterThan(0)
    for (const token of tokens) expect(await isLive(token)).toBe(false)
    const text = JSON.stringify(events)
    for (const secret of [facts.users.learner?.password ?? '', ...tokens])
      for (const form of formsOfSecret(secret)) expect(text.includes(form)).toBe(false)
  })
})

describe('every way to name the cloud', () => {
  const files = {
    OS_CLIENT_CONFIG_FILE: join(state, 'clouds.yaml'),
    OS_CLIENT_SECURE_FILE: join(state, 'secure.yaml'),
  }
  const ways: Readonly<Record<string, () => ReturnType<typeof cloudOf>>> = {
    'OS_CLOUD with clouds.yaml and secure.yaml': () => cloudOf({ ...files, OS_CLOUD: 'real' }),
    'the other region': () => cloudOf({ ...files, OS_CLOUD: 'real' }, { region: 'GRA1' }),
    'an application credential': () => cloudOf({ ...files, OS_CLOUD: 'real-robot' }),
    "Horizon's openrc": () => cloudOf({}, { openrc: join(state, 'openrc-horizon.sh') }),
    "kolla's openrc, without /v3": () => cloudOf({}, { openrc: join(state, 'openrc-kolla.sh') }),
    "OVHcloud's openrc, with /v3/": () =>
      cloudOf({ OS_PASSWORD: environment.OS_PASSWORD }, { openrc: join(state, 'openrc-ovh.sh') }),
    'an auth URL without a version': () => cloudOf({ ...environment, OS_AUTH_URL: `${facts.rootUrl}/` }),
  }
  test.each(Object.keys(ways))('%s', async (way) => {
    const cloud = await ways[way]?.()
    const { result } = await runToEnd(await loadRecipe('recipes/catalog-list.yaml'), { cloud })
    expect(result.problem).toBeUndefined()
    expect(result.status).toBe('passed')
  })
})
