# What openstackclient makes of folders with clouds.yaml: reads a line of JSON for each, and prints one.
import json
import logging
import os
import sys
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
from openstackclient import shell
from osc_lib.cli import client_config

TYPED = "typed"
KINDS = ("clouds", "secure", "clouds-public")


def files(folder, kind):
    return [f"{folder}/{kind}.{ending}" for ending in ("yaml", "yml", "json")]


def text(value):
    return value if value is None or isinstance(value, str) else str(value)


def read(case):
    os.environ.clear()
    os.environ.update(case["environment"])
    os.chdir(case["folder"])
    app = shell.OpenStackShell()
    app.options = app.build_option_parser("", "").parse_args([])
    app._final_defaults()
    clouds, secure, public = (files(case["folder"], kind) for kind in KINDS)
    config = client_config.OSC_Config(
        config_files=clouds,
        secure_files=secure,
        vendor_files=public,
        pw_func=lambda _prompt: TYPED,
        override_defaults={"interface": "public", "auth_type": app._auth_type},
    )
    cloud = config.get_one(cloud=app.options.cloud, argparse=app.options)
    verify, cert = cloud.get_requests_verify_args()
    return {
        "name": cloud.name,
        "type": text(cloud.config.get("auth_type")),
        "auth": {key: text(value) for key, value in cloud.config["auth"].items()},
        "region": text(cloud.config.get("region_name")),
        "interface": cloud.config.get("interface"),
        "verify": verify,
        "cert": cert,
        "override": text(cloud.config.get("compute_endpoint_override")),
    }


for line in sys.stdin:
    try:
        print(json.dumps(read(json.loads(line))), flush=True)
    except BaseException as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"[:300]}), flush=True)
