"""Makes Cinder's tables, and services that are nothing but rows: cinder-database.py FOLDER."""
import os
import sys

from cinder import context, objects
from cinder.common import config
from cinder.db import migration
from cinder.objects import base
from cinder.scheduler.rpcapi import SchedulerAPI
from cinder.volume.rpcapi import VolumeAPI

config.CONF(['--config-file', os.path.join(sys.argv[1], 'cinder.conf')], project='cinder')
objects.register_all()
migration.db_sync()
for binary, api in (('cinder-scheduler', SchedulerAPI), ('cinder-volume', VolumeAPI)):
    # What talks to a service has to know how old it is.
    objects.Service(context.get_admin_context(), host='loopback', binary=binary, topic=binary, report_count=1,
                    rpc_current_version=api.RPC_API_VERSION, object_current_version=base.OBJ_VERSIONS.get_current()).create()
