import { phrase } from '../../model/phrase.ts'
import { OsrunError } from '../../model/problem.ts'
import type { StepContext } from '../../model/step.ts'
import type { Endpoint } from '../../model/token.ts'
import { officialType } from '../../openstack/catalog/service-types.ts'
import {
  chooseVersion,
  fitsWish,
  parseVersionWish,
  splitVersionedUrl,
} from '../../openstack/versions/choose-version.ts'
import { describeVersion, findVersions } from '../../openstack/versions/find-versions.ts'
import { combineLink, parseVersionNumber } from '../../openstack/versions/version-document.ts'
import { valueAt } from '../../util/data-path.ts'
import { withoutEndSlashes } from '../../util/text/text-end.ts'

/**
 * The endpoint at the version that is wanted: as it is when its URL carries that version, else at the link that the
 * service's document of versions has for it, on the catalog's own host. An object store has none.
 */
export async function discoverVersion(
  endpoint: Endpoint,
  text: string,
  context: StepContext,
): Promise<Endpoint> {
  const at = context.locate(['version'])
  const wish = parseVersionWish(text)
  if (wish === undefined)
    throw new OsrunError('VALUE_INVALID', phrase`"${text}" is no version.`, {
      at,
      hint: phrase`Write 3, 2.1 or latest.`,
    })
  const own = splitVersionedUrl(endpoint.url, projectOf(context))
  const carried = own.version === undefined ? undefined : parseVersionNumber(own.version)
  if (own.version !== undefined && carried !== undefined && wish !== 'latest' && fitsWish(carried, wish))
    return { ...endpoint, version: own.version.slice(1) }
  if (officialType(endpoint.service) === 'object-store')
    throw new OsrunError('ENDPOINT_NOT_FOUND', phrase`An object-store has no document of its versions.`, {
      at,
      hint: phrase`Leave "version" out; the catalog has the whole URL, ${endpoint.url}.`,
    })
  const { url, versions, tried } = await findVersions(own, context.askOnce, () =>
    context.mayReceiveToken(endpoint.url) ? context.credentialHeaders() : [],
  )
  if (url === undefined)
    throw new OsrunError('ENDPOINT_NOT_FOUND', phrase`${endpoint.service} has no document of its versions.`, {
      at,
      hint: phrase`Asked for it: ${tried.join(', ')}. Without "version" the catalog's URL is taken as it is.`,
    })
  const chosen = chooseVersion(versions, wish)
  if (chosen?.href === undefined)
    throw new OsrunError(
      'ENDPOINT_NOT_FOUND',
      phrase`${endpoint.service} at ${url} has no version ${text}.`,
      {
        at,
        hint: phrase`It has ${versions.map(describeVersion).join(', ')}.`,
      },
    )
  const found = withoutEndSlashes(combineLink(url, chosen.href))
  const { microversions } = chosen
  return {
    ...endpoint,
    url: own.project === undefined ? found : `${found}/${own.project}`,
    version: chosen.number.join('.'),
    ...(microversions && { min_version: microversions.least, max_version: microversions.greatest }),
  }
}

function projectOf(context: StepContext): string | undefined {
  const id = valueAt(context.lookup('token'), ['project', 'id'])
  return typeof id === 'string' ? id : undefined
}
