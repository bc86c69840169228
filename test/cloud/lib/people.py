"""Fills the cloud by its own APIs: regions, users, projects, roles, an application credential, the photo."""
import base64
import json
import os
import time
import urllib.error
import urllib.request

# Everything that breaks a shell, JSON or a URL when it is pasted.
HOSTILE = 'p\'a$s "w\\ord` %41 é€!'
PHOTO = 'fullsize/ovh-summit-2014-backstage-DS.jpg'


def call(method, url, token=None, body=None, headers=None, raw=None):
    """One request; gives back headers and the decoded body."""
    data = raw if raw is not None else (None if body is None else json.dumps(body).encode())
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    if raw is None and body is not None:
        request.add_header('Content-Type', 'application/json')
    if token:
        request.add_header('X-Auth-Token', token)
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read()
        is_json = 'json' in (answer.headers.get('Content-Type') or '')
        return answer.headers, json.loads(text) if text and is_json else text


def login(base, user, password, domain='default', scope=None):
    """A token by password."""
    identity = {'methods': ['password'], 'password': {'user': {'name': user, 'domain': {'id': domain}, 'password': password}}}
    auth = {'identity': identity}
    if scope:
        auth['scope'] = scope
    headers, body = call('POST', base + '/auth/tokens', body={'auth': auth})
    return headers['X-Subject-Token'], body['token']


def photo():
    """A JPEG of 190046 bytes: its comments fill it up."""
    start = bytes.fromhex('ffd8ffe000104a46494600010101004800480000')
    end = bytes.fromhex('ffd9')
    parts, left = [start], 190046 - len(start) - len(end)
    while left > 0:
        size = left if left <= 65537 else min(65537, left - 4)
        parts.append(b'\xff\xfe' + (size - 2).to_bytes(2, 'big') + b'osrun '.ljust(size - 4, b'.'))
        left -= size
    return b''.join(parts + [end])


def populate(ports, admin_password, service_password):
    """Makes everything and gives back what tests need to know."""
    root = 'http://127.0.0.1:%d' % ports['keystone']
    base = root + '/v3'
    proxy = 'http://127.0.0.1:%d' % ports['proxy']
    admin, token = login(base, 'admin', admin_password, scope={'project': {'name': 'admin', 'domain': {'id': 'default'}}})

    def make(kind, **fields):
        return call('POST', base + '/%ss' % kind, admin, {kind: fields})[1][kind]['id']

    roles = {role['name']: role['id'] for role in call('GET', base + '/roles', admin)[1]['roles']}
    roles['objectstore_operator'] = make('role', name='objectstore_operator')
    guild = make('domain', name='Guild')
    projects = {
        'service': make('project', name='service', domain_id='default'),
        'workshop': make('project', name='workshop', domain_id='default'),
        'vault': make('project', name='vault', domain_id='default'),
        'guildhall': make('project', name='guildhall', domain_id=guild),
    }

    def grant(user, role, project):
        call('PUT', base + '/projects/%s/users/%s/roles/%s' % (projects[project], user, roles[role]), admin)

    for name in ('swift', 'glance', 'placement', 'neutron', 'cinder', 'nova'):
        grant(make('user', name=name, password=service_password, domain_id='default'), 'admin', 'service')
    grant(token['user']['id'], 'objectstore_operator', 'workshop')
    grant(token['user']['id'], 'admin', 'workshop')
    everything = ('reader', 'member', 'objectstore_operator')
    users = {
        'learner': {'password': HOSTILE, 'domain': 'default', 'project': 'workshop', 'roles': everything},
        'onlooker': {'password': 'only looking', 'domain': 'default', 'project': 'workshop', 'roles': ('reader',)},
        'careful': {'password': 'two locks', 'domain': 'default', 'project': 'workshop', 'roles': everything},
        'disabled': {'password': 'no way in', 'domain': 'default', 'project': 'workshop', 'roles': everything},
        'mason': {'password': 'square and level', 'domain': guild, 'project': 'guildhall', 'roles': everything},
    }
    for name, user in users.items():
        user['id'] = make('user', name=name, password=user['password'], domain_id=user['domain'])
        for role in user['roles']:
            grant(user['id'], role, user['project'])
    call('PATCH', base + '/users/' + users['disabled']['id'], admin, {'user': {'enabled': False}})
    totp = base64.b32encode(b'cloud-totp-key-00001').decode()
    call('POST', base + '/credentials', admin, {'credential': {'type': 'totp', 'blob': totp, 'user_id': users['careful']['id']}})
    options = {'multi_factor_auth_enabled': True, 'multi_factor_auth_rules': [['password', 'totp']]}
    call('PATCH', base + '/users/' + users['careful']['id'], admin, {'user': {'options': options}})
    call('PUT', base + '/system/users/%s/roles/%s' % (token['user']['id'], roles['admin']), admin)
    call('PUT', base + '/domains/default/users/%s/roles/%s' % (token['user']['id'], roles['admin']), admin)

    make('region', id='GRA1')
    service = make('service', type='object-store', name='swift')
    for region, prefix in (('SBG1', 'AUTH'), ('GRA1', 'GRA')):
        for face in ('public', 'internal', 'admin'):
            url = proxy if face == 'admin' else '%s/v1/%s_%%(project_id)s' % (proxy, prefix)
            make('endpoint', service_id=service, interface=face, region_id=region, url=url)
    # As in many clouds, without a version: who wants one has to ask.
    for kind, name in (('image', 'glance'), ('placement', 'placement'), ('network', 'neutron')):
        service = make('service', type=kind, name=name)
        for face in ('public', 'internal', 'admin'):
            make('endpoint', service_id=service, interface=face, region_id='SBG1', url='http://127.0.0.1:%d' % ports[name])
    compute = make('service', type='compute', name='nova'), 'http://127.0.0.1:%d/v2.1' % ports['nova']
    volumes = make('service', type='block-storage', name='cinder'), 'http://127.0.0.1:%d/v3/%%(project_id)s' % ports['cinder']
    for service, url in (compute, volumes):
        for face in ('public', 'internal', 'admin'):
            make('endpoint', service_id=service, interface=face, region_id='SBG1', url=url)
    keystone = next(one['id'] for one in call('GET', base + '/services', admin)[1]['services'] if one['type'] == 'identity')
    for face in ('public', 'internal', 'admin'):
        make('endpoint', service_id=keystone, interface=face, region_id='GRA1', url=base)

    # Nothing stands behind these two APIs, so whoever makes servers and volumes is not shown them.
    for one in call('GET', base + '/endpoints', admin)[1]['endpoints']:
        if one['service_id'] not in (compute[0], volumes[0]):
            for project in ('workshop', 'vault', 'guildhall'):
                call('PUT', base + '/OS-EP-FILTER/projects/%s/endpoints/%s' % (projects[project], one['id']), admin)
    flavor = {'name': 'tiny', 'ram': 64, 'vcpus': 1, 'disk': 1}
    retry(lambda: call('POST', compute[1] + '/flavors', admin, {'flavor': flavor}))

    learner, _ = login(base, 'learner', HOSTILE, scope={'project': {'id': projects['workshop']}})
    credential = call('POST', base + '/users/%s/application_credentials' % users['learner']['id'], learner,
                      {'application_credential': {'name': 'robot'}})[1]['application_credential']
    account = '%s/v1/AUTH_%s' % (proxy, projects['workshop'])
    retry(lambda: call('PUT', account + '/photos', learner, raw=b''))
    call('PUT', '%s/photos/%s' % (account, PHOTO), learner, raw=photo(), headers={'Content-Type': 'image/jpeg'})
    call('DELETE', base + '/auth/tokens', learner, headers={'X-Subject-Token': learner})
    return {
        'authUrl': base,
        'rootUrl': root,
        'shortLived': {'authUrl': 'http://127.0.0.1:%d/v3' % ports['short'], 'seconds': 5},
        'swiftUrl': proxy,
        'regions': ['SBG1', 'GRA1'],
        'projects': projects,
        'users': users,
        'admin': {'name': 'admin', 'password': admin_password},
        'applicationCredential': {'id': credential['id'], 'secret': credential['secret'], 'name': 'robot'},
        'totpSecret': totp,
        'photo': {'container': 'photos', 'object': PHOTO, 'size': 190046},
    }


def retry(action, seconds=30):
    """Repeats what fails while servers are still starting."""
    end = time.time() + seconds
    while True:
        try:
            return action()
        except (urllib.error.URLError, ConnectionError, OSError):
            if time.time() > end:
                raise
            time.sleep(0.2)


def shell_quote(text):
    return "'" + text.replace("'", "'\\''") + "'"


def write_credentials(state, cloud):
    """The openrc dialects, clouds.yaml and secure.yaml."""
    learner = cloud['users']['learner']
    workshop = cloud['projects']['workshop']
    double = learner['password'].replace('\\', '\\\\').replace('"', '\\"').replace('$', '\\$').replace('`', '\\`')
    files = {
        'openrc-horizon.sh': '''#!/usr/bin/env bash
# Written as Horizon does.
export OS_AUTH_URL=%s
export OS_PROJECT_ID=%s
export OS_PROJECT_NAME="workshop"
export OS_USER_DOMAIN_NAME="Default"
if [ -z "$OS_USER_DOMAIN_NAME" ]; then unset OS_USER_DOMAIN_NAME; fi
export OS_PROJECT_DOMAIN_ID="default"
if [ -z "$OS_PROJECT_DOMAIN_ID" ]; then unset OS_PROJECT_DOMAIN_ID; fi
unset OS_TENANT_ID
unset OS_TENANT_NAME
export OS_USERNAME="learner"
export OS_PASSWORD="%s"
export OS_REGION_NAME="SBG1"
if [ -z "$OS_REGION_NAME" ]; then unset OS_REGION_NAME; fi
export OS_INTERFACE=public
export OS_IDENTITY_API_VERSION=3
''' % (cloud['authUrl'], workshop, double),
        'openrc-kolla.sh': '''# Written as kolla-ansible does.
for key in $( set | awk '{FS="="}  /^OS_/ {print $1}' ); do unset $key ; done
export OS_PROJECT_DOMAIN_NAME='Default'
export OS_USER_DOMAIN_NAME='Default'
export OS_PROJECT_NAME='workshop'
export OS_TENANT_NAME='workshop'
export OS_USERNAME='learner'
export OS_PASSWORD=%s
export OS_AUTH_URL='%s'
export OS_INTERFACE='internal'
export OS_ENDPOINT_TYPE='internalURL'
export OS_IDENTITY_API_VERSION='3'
export OS_REGION_NAME='SBG1'
export OS_AUTH_PLUGIN='password'
''' % (shell_quote(learner['password']), cloud['rootUrl']),
        'openrc-ovh.sh': '''#!/bin/bash
export OS_AUTH_URL=%s/
export OS_IDENTITY_API_VERSION=3
export OS_USER_DOMAIN_NAME=${OS_USER_DOMAIN_NAME:-"Default"}
export OS_PROJECT_DOMAIN_NAME=${OS_PROJECT_DOMAIN_NAME:-"Default"}
export OS_TENANT_ID=%s
export OS_TENANT_NAME="workshop"
export OS_USERNAME="learner"
echo "Please enter your OpenStack Password: "
read -sr OS_PASSWORD_INPUT
export OS_PASSWORD=$OS_PASSWORD_INPUT
export OS_REGION_NAME="SBG1"
if [ -z "$OS_REGION_NAME" ]; then unset OS_REGION_NAME; fi
''' % (cloud['authUrl'], workshop),
        'clouds.yaml': json.dumps({'clouds': {
            'real': {'auth': {'auth_url': cloud['rootUrl'], 'username': 'learner', 'user_domain_name': 'Default',
                              'project_name': 'workshop', 'project_domain_name': 'Default'},
                     'regions': ['SBG1', 'GRA1'], 'identity_api_version': 3},
            'real-robot': {'auth_type': 'v3applicationcredential', 'region_name': 'SBG1',
                           'auth': {'auth_url': cloud['authUrl'], 'application_credential_id': cloud['applicationCredential']['id']}},
        }}, indent=2),
        'secure.yaml': json.dumps({'clouds': {
            'real': {'auth': {'password': learner['password']}},
            'real-robot': {'auth': {'application_credential_secret': cloud['applicationCredential']['secret']}},
        }}, indent=2),
        'cloud.json': json.dumps(cloud, indent=2),
    }
    for name, text in files.items():
        with open(os.open(os.path.join(state, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w') as file:
            file.write(text)
