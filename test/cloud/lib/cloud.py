"""Starts and stops the cloud: cloud.py up|down FOLDER; or one of its programs: cloud.py start|stop FOLDER PROGRAM."""
import glob
import json
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time

import configs
import people

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = ('memcached', 'keystone', 'short', 'account', 'container', 'object', 'proxy', 'glance', 'placement', 'neutron', 'cinder', 'nova')

# What a program answers once it is ready.
ANSWERS = {'keystone': '/v3', 'short': '/v3', 'proxy': '/healthcheck', 'glance': '/healthcheck', 'placement': '/', 'neutron': '/',
           'cinder': '/healthcheck', 'nova': '/'}


def main():
    action, state = sys.argv[1], os.path.abspath(sys.argv[2])
    if action == 'down':
        down(state)
    elif action == 'stop':
        stop(state, sys.argv[3])
    elif action == 'start':
        start_one(state, sys.argv[3])
    elif is_up(state):
        print('the cloud is up already: %s' % state)
    else:
        down(state)
        up(state)


def up(state):
    began = time.time()
    os.makedirs(state, mode=0o700, exist_ok=True)
    settings = read(state, 'settings.json') or new_settings()
    write(state, 'settings.json', settings)
    ports = settings['ports']
    if sorted(ports) != sorted(PROGRAMS):
        sys.exit('%s holds a cloud of other programs: test/cloud/down --purge removes it.' % state)
    configs.write_all(state, ports, settings['servicePassword'])
    is_new = not os.path.exists(os.path.join(state, 'cloud.json'))
    if is_new:
        prepare(state, settings)
    start(state, ports)
    for name, path in ANSWERS.items():
        wait(state, name, ports[name], path)
    if is_new:
        people.write_credentials(state, people.populate(ports, settings['adminPassword'], settings['servicePassword']))
    print('the cloud is up after %.1f s: %s' % (time.time() - began, state))


def new_settings():
    # Below Linux's range of client ports, in which any connection may hold one before its server does.
    ports, port = {}, 25357
    for name in PROGRAMS:
        while not is_free(port):
            port += 1
        ports[name] = port
        port += 1
    # Of hexadecimal digits: a password that begins with a dash is an option to keystone-manage.
    return {'ports': ports, 'adminPassword': secrets.token_hex(16), 'servicePassword': secrets.token_hex(16)}


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(('127.0.0.1', port))
            return True
        except OSError:
            return False


def prepare(state, settings):
    """Makes the database, the keys and the rings."""
    for name in ('keystone', 'glance', 'placement', 'neutron', 'cinder', 'nova', 'nova-api'):
        for path in glob.glob(os.path.join(state, name + '.db*')):
            os.remove(path)
    others = [
        begin(state, ['glance-manage', '--config-file', os.path.join(state, 'glance.conf'), 'db_sync']),
        begin(state, [sys.executable, os.path.join(HERE, 'neutron-database.py'), os.path.join(state, 'neutron.db')]),
        begin(state, [sys.executable, os.path.join(HERE, 'cinder-database.py'), state]),
        begin(state, [sys.executable, os.path.join(HERE, 'nova-databases.py'), state]),
    ]
    for folder in ('fernet-keys', 'receipt-keys', 'credential-keys'):
        os.makedirs(os.path.join(state, folder), mode=0o700, exist_ok=True)
    manage = ['keystone-manage', '--config-file', os.path.join(state, 'keystone.conf')]
    owner = ['--keystone-user', 'root', '--keystone-group', 'root']
    run(state, manage + ['db_sync'])
    # Readers then do not wait for the writer.
    sqlite3.connect(os.path.join(state, 'keystone.db')).execute('PRAGMA journal_mode=WAL')
    run(state, manage + ['fernet_setup'] + owner)
    run(state, manage + ['credential_setup'] + owner)
    url = 'http://127.0.0.1:%d/v3' % settings['ports']['keystone']
    run(state, manage + ['bootstrap', '--bootstrap-password', settings['adminPassword'], '--bootstrap-region-id', 'SBG1',
                         '--bootstrap-public-url', url, '--bootstrap-internal-url', url, '--bootstrap-admin-url', url])
    for kind in ('account', 'container', 'object'):
        builder = os.path.join(state, 'swift', kind + '.builder')
        ring = ['swift-ring-builder', builder]
        run(state, ring + ['create', '4', '1', '0'])
        run(state, ring + ['add', '--region', '1', '--zone', '1', '--ip', '127.0.0.1', '--port', str(settings['ports'][kind]),
                           '--device', 'd1', '--weight', '1'])
        run(state, ring + ['rebalance'])
    for other in others:
        finish(other)


def run(state, command):
    finish(begin(state, command))


def begin(state, command):
    with open(os.path.join(state, 'log', 'setup.log'), 'a') as log:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def finish(process):
    if process.wait() != 0:
        raise subprocess.CalledProcessError(process.returncode, process.args)


def start(state, ports):
    write(state, 'pids.json', {name: spawn(state, name, *command) for name, command in commands(state, ports).items()})


def start_one(state, name):
    """Starts a program that was stopped, and waits until it answers."""
    ports, pids = read(state, 'settings.json')['ports'], read(state, 'pids.json')
    write(state, 'pids.json', dict(pids, **{name: spawn(state, name, *commands(state, ports)[name])}))
    wait(state, name, ports[name], ANSWERS[name])


def commands(state, ports):
    """The command of each program, and what its environment has besides."""
    def uwsgi(name, file):
        # It closes each connection, so it is to say so.
        return ['uwsgi', '--plugin', 'python3', '--http-socket', '127.0.0.1:%d' % ports[name], '--wsgi-file', file, '--master', '--die-on-term',
                '--processes', '1', '--buffer-size', '65535', '--add-header', 'Connection: close', '--need-app']

    all = {'memcached': (['memcached', '-l', '127.0.0.1', '-p', str(ports['memcached']), '-U', '0', '-u', 'root'],)}
    for name, config in (('keystone', 'keystone.conf'), ('short', 'keystone-short.conf')):
        # One process without threads: sqlite refuses at once a transaction that writes after it has read, when another has
        # written meanwhile. https://www.sqlite.org/rescode.html#busy_snapshot
        all[name] = (uwsgi(name, '/usr/bin/keystone-wsgi-public'), {'OS_KEYSTONE_CONFIG_FILES': os.path.join(state, config)})
    for kind in ('account', 'container', 'object', 'proxy'):
        config = os.path.join(state, 'swift', kind + '-server.conf')
        all[kind] = ([sys.executable, os.path.join(HERE, 'swift-launcher.py'), os.path.join(state, 'swift'), '/usr/bin/swift-%s-server' % kind, config],)
    all['glance'] = (['glance-api', '--config-file', os.path.join(state, 'glance.conf')],)
    all['placement'] = (uwsgi('placement', '/usr/bin/placement-api'), {'OS_PLACEMENT_CONFIG_DIR': os.path.join(state, 'placement')})
    all['neutron'] = (['neutron-server', '--config-file', os.path.join(state, 'neutron.conf')],)
    all['cinder'] = (['cinder-api', '--config-file', os.path.join(state, 'cinder.conf')],)
    all['nova'] = (['nova-api', '--config-file', os.path.join(state, 'nova.conf')],)
    return all


def spawn(state, name, command, environment=None):
    log = open(os.path.join(state, 'log', name + '.out'), 'a')
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                             env=dict(os.environ, **(environment or {})))
    return child.pid


def wait(state, name, port, path):
    url = 'http://127.0.0.1:%d%s' % (port, path)
    try:
        people.retry(lambda: people.call('GET', url), 60)
    except OSError as error:
        sys.exit('%s does not answer at %s: %s. Its logs are in %s/log.' % (name, url, error, state))


def is_up(state):
    pids = read(state, 'pids.json')
    return pids is not None and all(is_alive(pid) for pid in pids.values())


def is_alive(pid):
    try:
        os.kill(pid, 0)
        return True
    except ProcessLookupError:
        return False


def down(state):
    pids = read(state, 'pids.json') or {}
    end(pids.values())
    if pids:
        os.remove(os.path.join(state, 'pids.json'))


def stop(state, name):
    """Ends one program, so that nothing listens at its port."""
    end([read(state, 'pids.json')[name]])


def end(pids):
    """Ends process groups that were started here, first asking, then for good."""
    for sign, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
        for pid in pids:
            try:
                os.killpg(pid, sign)
            except ProcessLookupError:
                pass
        late = time.time() + seconds
        while any(is_alive(pid) for pid in pids) and time.time() < late:
            time.sleep(0.1)


def read(state, name):
    try:
        with open(os.path.join(state, name)) as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def write(state, name, value):
    with open(os.open(os.path.join(state, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w') as file:
        json.dump(value, file, indent=2)


main()
