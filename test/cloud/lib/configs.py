"""The configuration files of the cloud, written into its folder."""
import os

KEYSTONE = """\
[DEFAULT]
log_file = {state}/log/{name}.log
max_request_body_size = 114688
[auth]
methods = external,password,token,oauth1,mapped,application_credential,totp
[cache]
enabled = true
backend = dogpile.cache.memcached
memcache_servers = 127.0.0.1:{memcached}
[credential]
key_repository = {state}/credential-keys
[database]
connection = sqlite:///{state}/keystone.db
[fernet_receipts]
key_repository = {state}/receipt-keys
[fernet_tokens]
key_repository = {state}/fernet-keys
[identity]
password_hash_rounds = 4
[token]
expiration = {life}
"""

SWIFT = """\
[swift-hash]
swift_hash_path_prefix = osrun
swift_hash_path_suffix = osrun
[storage-policy:0]
name = Policy-0
default = yes
"""

STORAGE = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 1
user = root
devices = {state}/devices
mount_check = false
swift_dir = {state}/swift
fallocate_reserve = 0
log_level = WARNING
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""

PROXY = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {proxy}
workers = 2
user = root
swift_dir = {state}/swift
log_level = WARNING
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck proxy-logging cache listing_formats bulk tempurl authtoken keystoneauth copy slo dlo versioned_writes symlink staticweb proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:proxy-logging]
use = egg:swift#proxy_logging
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{memcached}
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:tempurl]
use = egg:swift#tempurl
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
www_authenticate_uri = http://127.0.0.1:{keystone}/v3
auth_url = http://127.0.0.1:{keystone}
auth_type = password
username = swift
password = {swift_password}
user_domain_id = default
project_name = service
project_domain_id = default
delay_auth_decision = true
token_cache_time = -1
service_token_roles_required = true
[filter:keystoneauth]
use = egg:swift#keystoneauth
reseller_prefix = AUTH, GRA
operator_roles = admin, objectstore_operator
GRA_operator_roles = admin, objectstore_operator
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
[filter:symlink]
use = egg:swift#symlink
[filter:staticweb]
use = egg:swift#staticweb
"""


def write_all(state, ports, swift_password):
    """Writes every file; `ports` maps program names to numbers."""
    for folder in ('log', 'swift', 'devices/d1'):
        os.makedirs(os.path.join(state, folder), exist_ok=True)
    common = dict(ports, state=state, swift_password=swift_password)
    files = {
        'keystone.conf': KEYSTONE.format(name='keystone', life=3600, **common),
        'keystone-short.conf': KEYSTONE.format(name='keystone-short', life=5, **common),
        'swift/swift.conf': SWIFT,
        'swift/proxy-server.conf': PROXY.format(**common),
    }
    for kind in ('account', 'container', 'object'):
        files['swift/%s-server.conf' % kind] = STORAGE.format(kind=kind, port=ports[kind], state=state)
    for name, text in files.items():
        path = os.path.join(state, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w') as file:
            file.write(text)
