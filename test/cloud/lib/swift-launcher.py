"""Runs a packaged Swift server with a swift.conf of its own: launcher.py SWIFT_DIR PROGRAM ARGUMENT..."""
import runpy
import sys

import swift.common.utils

# swift.conf is read from /etc/swift whatever the server's own configuration says.
swift.common.utils.set_swift_dir(sys.argv[1])
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name='__main__')
