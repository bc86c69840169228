import type { Cloud } from '../../src/model/cloud.ts'
import { cloudOf, loadRecipe } from '../run/on-sandbox.ts'
import { shippedRecipes } from '../shipped-recipes.ts'
import { exported } from './exported.ts'

const keystone = { OS_AUTH_URL: 'https://keystone.example/v3' }

/** The password, and the secret of the application credential, of the accounts below. */
export const ownSecret = 'hunter2 is a password'

/** Accounts on a cloud that is not there, in OS_* variables, by what they log in with. */
const accounts = {
  'a password': {
    ...keystone,
    OS_USERNAME: "o'brien",
    OS_PASSWORD: ownSecret,
    OS_PROJECT_NAME: 'workshop',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_ID: 'default',
    OS_CACERT: '/etc/ssl/own.pem',
  },
  'an application credential': {
    ...keystone,
    OS_APPLICATION_CREDENTIAL_ID: '0123',
    OS_APPLICATION_CREDENTIAL_SECRET: ownSecret,
  },
}

/** Of what cloud a recipe is exported: of none, or of that of an account. */
export const kindsOfCloud = ['no cloud', ...(Object.keys(accounts) as (keyof typeof accounts)[])] as const

/** The scripts of all shipped recipes, by their files. */
export async function shippedScripts(
  kind: (typeof kindsOfCloud)[number],
): Promise<ReadonlyMap<string, string>> {
  const cloud: Cloud | undefined = kind === 'no cloud' ? undefined : await cloudOf(accounts[kind])
  const scripts = new Map<string, string>()
  for (const file of shippedRecipes)
    scripts.set(file, await exported(await loadRecipe(`recipes/${file}`), cloud))
  return scripts
}
