"""Runs Swift's own functional tests on one cloud: swift-run.py ACCOUNTS RESULTS SOURCE [MODULE...].

OS_AUTH_URL says which cloud, and SOURCE is a folder with Swift's source, whose test/functional is run: all of it that speaks
Swift's own API, or the modules named. ACCOUNTS is a JSON file with the accounts that the tests may use, as many as there are:
all that is in them is removed. RESULTS becomes a JSON file with the outcome of every test: {"ID": {"outcome": ..., "reason": ...}}.
"""
import json
import logging
import os
import sys
import tempfile
import unittest
import unittest.mock

from outcomes import Outcomes

# The configuration names what the tests call accounts, which are projects here. An account that is not there is empty.
ACCOUNTS = ('', '2', '3')


def main(accounts, results, source, *modules):
    """The configuration is in a folder that is gone at the end."""
    with open(accounts, encoding='utf-8') as file:
        known = json.load(file)
    with tempfile.TemporaryDirectory() as folder:
        configuration = os.path.join(folder, 'test.conf')
        with open(configuration, 'w', encoding='utf-8') as file:
            file.write('[func_test]\n' + ''.join('%s = %s\n' % option for option in options(known)))
        os.environ.update(SWIFT_TEST_CONFIG_FILE=configuration, SWIFT_TEST_IN_PROCESS='false')
        outcomes = run(source, modules or modules_of(source))
    with open(results, 'w', encoding='utf-8') as file:
        json.dump(outcomes.of, file)


def options(accounts):
    """What test.conf says of the cloud and its accounts; the third is another user of the first one's project."""
    yield 'auth_version', '3'
    yield 'auth_uri', os.environ['OS_AUTH_URL'] + '/'
    for at, end in enumerate(ACCOUNTS):
        account = accounts[at] if at < len(accounts) else {}
        yield 'username' + end, account.get('username', '')
        yield 'password' + end, account.get('password', '')
        if end != '3':
            yield 'account' + end, account.get('project_name', '')
        if account:
            yield 'domain' + end, account['user_domain_name']


def modules_of(source):
    """The modules with tests, S3's apart."""
    names = sorted(os.listdir(os.path.join(source, 'test', 'functional')))
    return [name[:-3] for name in names if name.startswith('test') and name.endswith('.py')]


def run(source, modules):
    """Runs the modules, one after the other."""
    # Python has it; Debian's package of the tests' own days is not needed.
    sys.modules['mock'] = unittest.mock
    sys.path.insert(0, source)
    # What the tests log goes nowhere: a failed test tells enough, and tokens stay unseen.
    logging.disable(logging.CRITICAL)
    outcomes = Outcomes()
    loader = unittest.TestLoader()
    for module in modules:
        loader.loadTestsFromName('test.functional.' + module).run(outcomes)
    if loader.errors:
        sys.exit("Swift's tests do not load: " + loader.errors[0])
    return outcomes


if __name__ == '__main__':
    main(*sys.argv[1:])
