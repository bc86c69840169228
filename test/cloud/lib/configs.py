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

# How a service asks Keystone about the tokens of others.
AUTHTOKEN = """\
www_authenticate_uri = http://127.0.0.1:{keystone}/v3
auth_url = http://127.0.0.1:{keystone}
auth_type = password
username = {user}
password = {service_password}
user_domain_id = default
project_name = service
project_domain_id = default
token_cache_time = -1
service_token_roles_required = true
"""

GLANCE = """\
[DEFAULT]
bind_host = 127.0.0.1
bind_port = {glance}
workers = 0
log_file = {state}/log/glance.log
enabled_backends = disk:file
[database]
connection = sqlite:///{state}/glance.db
[glance_store]
default_backend = disk
[disk]
filesystem_store_datadir = {state}/images
[os_glance_staging_store]
filesystem_store_datadir = {state}/images-staging
[os_glance_tasks_store]
filesystem_store_datadir = {state}/images-tasks
[paste_deploy]
flavor = keystone
config_file = /usr/share/glance-common/glance-api-paste.ini
[keystone_authtoken]
{authtoken}"""

PLACEMENT = """\
[DEFAULT]
log_file = {state}/log/placement.log
[api]
auth_strategy = keystone
[placement_database]
connection = sqlite:///{state}/placement.db
sync_on_startup = true
[keystone_authtoken]
{authtoken}"""

NEUTRON = """\
[DEFAULT]
bind_host = 127.0.0.1
bind_port = {neutron}
api_workers = 0
rpc_workers = 0
log_file = {state}/log/neutron.log
state_path = {state}
core_plugin = ml2
# One request at a time: in one process a reader cannot end while another waits for it to write to sqlite.
wsgi_default_pool_size = 1
wsgi_keep_alive = false
service_plugins =
transport_url = fake:/
api_paste_config = /etc/neutron/api-paste.ini
notify_nova_on_port_status_changes = false
notify_nova_on_port_data_changes = false
[ml2]
type_drivers = local
tenant_network_types = local
mechanism_drivers =
[database]
connection = sqlite:///{state}/neutron.db
[oslo_concurrency]
lock_path = {state}/locks
[keystone_authtoken]
{authtoken}"""

CINDER = """\
[DEFAULT]
log_file = {state}/log/cinder.log
state_path = {state}
osapi_volume_listen = 127.0.0.1
osapi_volume_listen_port = {cinder}
osapi_volume_workers = 1
transport_url = fake:/
api_paste_config = /usr/share/cinder-common/api-paste.ini
auth_strategy = keystone
# Nothing reports here: what stands in the table of services counts as up.
service_down_time = 1000000000
[database]
connection = sqlite:///{state}/cinder.db
[oslo_concurrency]
lock_path = {state}/locks
[keystone_authtoken]
{authtoken}"""

NOVA = """\
[DEFAULT]
log_file = {state}/log/nova.log
state_path = {state}
enabled_apis = osapi_compute
osapi_compute_listen = 127.0.0.1
osapi_compute_listen_port = {nova}
osapi_compute_workers = 1
transport_url = fake:/
service_down_time = 1000000000
[wsgi]
api_paste_config = /usr/share/nova-common/api-paste.ini
[api]
auth_strategy = keystone
[database]
connection = sqlite:///{state}/nova.db
[api_database]
connection = sqlite:///{state}/nova-api.db
[oslo_concurrency]
lock_path = {state}/locks
[keystone_authtoken]
{authtoken}"""

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
pipeline = catch_errors gatekeeper healthcheck proxy-logging cache listing_formats container_sync bulk tempurl formpost authtoken keystoneauth staticweb copy container_quotas slo dlo versioned_writes symlink proxy-logging proxy-server
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
[filter:formpost]
use = egg:swift#formpost
[filter:container_sync]
use = egg:swift#container_sync
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
delay_auth_decision = true
{authtoken}[filter:keystoneauth]
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
allow_versioned_writes = true
[filter:symlink]
use = egg:swift#symlink
[filter:container_quotas]
use = egg:swift#container_quotas
[filter:staticweb]
use = egg:swift#staticweb
"""


def write_all(state, ports, service_password):
    """Writes every file; `ports` maps program names to numbers."""
    for folder in ('log', 'swift', 'devices/d1', 'placement', 'images', 'images-staging', 'images-tasks', 'locks'):
        os.makedirs(os.path.join(state, folder), exist_ok=True)
    common = dict(ports, state=state)

    def of_service(template, user):
        authtoken = AUTHTOKEN.format(user=user, service_password=service_password, **common)
        return template.format(authtoken=authtoken, **common)

    files = {
        'keystone.conf': KEYSTONE.format(name='keystone', life=3600, **common),
        'keystone-short.conf': KEYSTONE.format(name='keystone-short', life=5, **common),
        'swift/swift.conf': SWIFT,
        'swift/proxy-server.conf': of_service(PROXY, 'swift'),
        'glance.conf': of_service(GLANCE, 'glance'),
        'placement/placement.conf': of_service(PLACEMENT, 'placement'),
        'neutron.conf': of_service(NEUTRON, 'neutron'),
        'cinder.conf': of_service(CINDER, 'cinder'),
        'nova.conf': of_service(NOVA, 'nova'),
    }
    for kind in ('account', 'container', 'object'):
        files['swift/%s-server.conf' % kind] = STORAGE.format(kind=kind, port=ports[kind], state=state)
    for name, text in files.items():
        path = os.path.join(state, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w') as file:
            file.write(text)
