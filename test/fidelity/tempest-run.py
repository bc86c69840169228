"""Runs Tempest's tests of tokens and of object storage on one cloud: tempest-run.py ACCOUNTS RESULTS.

OS_AUTH_URL and OS_REGION_NAME say which cloud. ACCOUNTS is a JSON file with the accounts that Tempest may use: all that is
in them is removed. RESULTS becomes a JSON file with the outcome of every test: {"ID": {"outcome": ..., "reason": ...}}.
"""
import contextlib
import json
import logging
import os
import sys
import tempfile
import traceback
import unittest
import urllib.parse

from outcomes import Outcomes

SUITES = (
    'tempest.api.object_storage',
    'tempest.api.identity.v3',
)


def main(accounts, results):
    """Everything of Tempest is kept in a folder that is gone at the end."""
    with tempfile.TemporaryDirectory() as folder:
        # JSON is YAML, which is what Tempest reads.
        configure(folder, os.path.abspath(accounts))
        os.environ.update(TEMPEST_CONFIG_DIR=folder, TEMPEST_CONFIG='tempest.conf')
        # What Tempest logs goes nowhere: a failed test tells enough, and tokens stay unseen.
        logging.disable(logging.CRITICAL)
        outcomes = Outcomes()
        import tempest
        loader = unittest.TestLoader()
        top = os.path.dirname(list(tempest.__path__)[0])
        # Some tests want an account with nothing in it.
        clear(accounts)
        try:
            for suite in SUITES:
                loader.discover(os.path.join(top, *suite.split('.')), top_level_dir=top).run(outcomes)
        finally:
            clear(accounts)
    if loader.errors:
        sys.exit('Tempest does not load: ' + loader.errors[0])
    with open(results, 'w', encoding='utf-8') as file:
        json.dump(outcomes.of, file)


def configure(folder, accounts):
    """Writes tempest.conf: accounts that exist, no other service than Keystone and Swift."""
    url, region = os.environ['OS_AUTH_URL'], os.environ['OS_REGION_NAME']
    sections = {
        'DEFAULT': {'use_stderr': 'false', 'log_file': os.devnull},
        'auth': {'use_dynamic_credentials': 'false', 'test_accounts_file': accounts, 'create_isolated_networks': 'false'},
        'oslo_concurrency': {'lock_path': folder},
        'identity': {'uri_v3': url, 'auth_version': 'v3', 'region': region, 'v3_endpoint_type': 'public'},
        'identity-feature-enabled': {'api_v2': 'false', 'api_v3': 'true', 'application_credentials': 'true'},
        'object-storage': {'region': region, 'operator_role': 'objectstore_operator', 'reseller_admin_role': 'ResellerAdmin'},
        'object-storage-feature-enabled': {'discoverability': 'true', 'discoverable_apis': 'all'},
        'service_available': {
            'swift': 'true', 'nova': 'false', 'glance': 'false', 'cinder': 'false', 'neutron': 'false', 'horizon': 'false',
        },
    }
    with open(os.path.join(folder, 'tempest.conf'), 'w', encoding='utf-8') as file:
        for section, options in sections.items():
            file.write('[%s]\n' % section + ''.join('%s = %s\n' % option for option in options.items()))


def clear(accounts):
    """Removes the containers and the application credentials of the accounts."""
    from tempest import clients
    from tempest.common import credentials_factory
    from tempest.lib import exceptions
    with open(accounts, encoding='utf-8') as file:
        known = json.load(file)
    for account in known:
        fields = {name: value for name, value in account.items() if name != 'roles'}
        credentials = credentials_factory.get_credentials(identity_version='v3', **fields)
        manager = clients.Manager(credentials)
        _, containers = manager.account_client.list_account_containers({'format': 'json'})
        for container in quoted_names(containers):
            _, objects = manager.container_client.list_container_objects(container, {'format': 'json'})
            for name in quoted_names(objects):
                # An object that has expired is listed until Swift's expirer comes, and is not found.
                with contextlib.suppress(exceptions.NotFound):
                    manager.object_client.delete_object(container, name)
            with contextlib.suppress(exceptions.Conflict):
                manager.container_client.delete_container(container)
        owned = manager.application_credentials_client
        for one in owned.list_application_credentials(credentials.user_id)['application_credentials']:
            owned.delete_application_credential(credentials.user_id, one['id'])


def quoted_names(listing):
    """Tempest's clients put names into URLs as they are."""
    return [urllib.parse.quote(one['name'], safe='') for one in listing]


if __name__ == '__main__':
    try:
        main(*sys.argv[1:])
    except Exception:
        # Tempest hands what nobody caught to its log.
        traceback.print_exc()
        sys.exit(1)
