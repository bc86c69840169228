"""Makes Neutron's tables: neutron-database.py FILE. Its migrations are not for sqlite, so they come from its models."""
import sys

import sqlalchemy
from neutron.db.migration.models import head

head.get_metadata().create_all(sqlalchemy.create_engine('sqlite:///' + sys.argv[1]))
