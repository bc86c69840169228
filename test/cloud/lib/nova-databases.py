"""Makes Nova's tables, a cell, and a compute host that is nothing but a row: nova-databases.py FOLDER."""
import datetime
import os
import sys

from nova import config, context, objects
from nova.db import migration

config.parse_args(['nova', '--config-file', os.path.join(sys.argv[1], 'nova.conf')])
objects.register_all()
for database in ('api', 'main'):
    migration.db_sync(database=database)
administrator = context.get_admin_context()
objects.CellMapping(administrator, uuid='c0ffee00-0000-4000-8000-000000000001', name='cell1', transport_url='fake:/',
                    database_connection=config.CONF.database.connection).create()
host = objects.Service(administrator, host='loopback', binary='nova-compute', topic='compute', report_count=1,
                       last_seen_up=datetime.datetime.utcnow())
host.create()
objects.HostMapping(administrator, host='loopback', cell_mapping=objects.CellMappingList.get_all(administrator)[0]).create()
