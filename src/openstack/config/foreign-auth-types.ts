/**
 * The auth types of keystoneauth that osrun cannot log in with, and what each is. Their names must not be taken for misspelt
 * ones: a password for an identity provider is not for Keystone.
 * https://docs.openstack.org/keystoneauth/latest/authentication-plugins.html
 */
export const foreignAuthTypes: Readonly<Record<string, string>> = {
  v3oidcpassword: 'logs in at an OpenID Connect identity provider with a password',
  v3oidcclientcredentials: 'logs in at an OpenID Connect identity provider as a service account',
  v3oidcaccesstoken: 'logs in with an access token of an OpenID Connect identity provider',
  v3oidcauthcode: 'logs in at an OpenID Connect identity provider in a browser',
  v3oidcdeviceauthz: 'logs in at an OpenID Connect identity provider by a code on another device',
  v3websso: 'logs in at an identity provider in a browser',
  v3samlpassword: 'logs in at a SAML identity provider with a password',
  v3adfspassword: 'logs in at a SAML identity provider (ADFS) with a password',
  v3fedkerb: 'logs in at an identity provider by Kerberos',
  v3kerberos: 'logs in by Kerberos',
  v3oauth1: 'logs in by OAuth 1.0a',
  v3oauth2clientcredential: 'logs in by OAuth 2.0 as a service account',
  v3oauth2mtlsclientcredential: 'logs in by OAuth 2.0 with a client certificate',
  v3tokenlessauth: 'sends a client certificate with each request instead of a token',
  v3k2k: 'logs in at another Keystone first',
  v2password: 'is of the Identity API v2.0, which Keystone has not had since the Queens release',
  v2token: 'is of the Identity API v2.0, which Keystone has not had since the Queens release',
}

/** What to do instead of logging in with one of them. */
export function wayAround(authType: string): string {
  if (authType.startsWith('v2'))
    return `Set OS_AUTH_TYPE=v3${authType.slice(2)}, and an OS_AUTH_URL that ends in /v3.`
  return 'Make an application credential, and set OS_AUTH_TYPE=v3applicationcredential; or take the token that `openstack token issue -f value -c id` prints, and set OS_AUTH_TYPE=v3token and OS_TOKEN.'
}
