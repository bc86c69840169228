"""Keystone for uwsgi, on sqlite: a request that may write takes the lock when its transaction begins, not in the middle of it."""
import sqlalchemy
from keystone.server.wsgi import initialize_public_application
from sqlalchemy.engine import Engine

keystone = initialize_public_application()
may_write = False


def application(environ, start_response):
    # A process serves one request at a time.
    global may_write
    may_write = environ['REQUEST_METHOD'] not in ('GET', 'HEAD')
    return keystone(environ, start_response)


# A transaction that has read before it writes is refused at once, however long it would wait, when another has written
# meanwhile: https://www.sqlite.org/rescode.html#busy_snapshot
@sqlalchemy.event.listens_for(Engine, 'before_cursor_execute', retval=True)
def begin_immediately(_connection, _cursor, statement, parameters, _context, _many):
    return ('BEGIN IMMEDIATE' if statement == 'BEGIN' and may_write else statement), parameters
