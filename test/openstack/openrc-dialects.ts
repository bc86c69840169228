/** A file as a tool writes it; the line that osrun refuses, where only a shell can read it. */
type Dialect = readonly [tool: string, text: string, refused?: number]

const clearing = `# Clear any old environment that may conflict.
for key in $( set | awk '{FS="="}  /^OS_/ {print $1}' ); do unset $key ; done
`

const files: readonly Dialect[] = [
  [
    'Horizon',
    String.raw`#!/usr/bin/env bash
# To use an OpenStack cloud you need to authenticate against the Identity
# service named keystone, which returns a **Token** and **Service Catalog**.
export OS_AUTH_URL=https://keystone.test:5000/v3
# With the addition of Keystone we have standardized on the term **project**
export OS_PROJECT_ID=0123abc
export OS_PROJECT_NAME="a \"quoted\" \$name"
export OS_USER_DOMAIN_NAME="Default"
if [ -z "$OS_USER_DOMAIN_NAME" ]; then unset OS_USER_DOMAIN_NAME; fi
export OS_PROJECT_DOMAIN_ID="default"
if [ -z "$OS_PROJECT_DOMAIN_ID" ]; then unset OS_PROJECT_DOMAIN_ID; fi
# unset v2.0 items in case set
unset OS_TENANT_ID
unset OS_TENANT_NAME
export OS_USERNAME="someone"
# With Keystone you pass the keystone password.
echo "Please enter your OpenStack Password for project $OS_PROJECT_NAME as user $OS_USERNAME: "
read -sr OS_PASSWORD_INPUT
export OS_PASSWORD=$OS_PASSWORD_INPUT
export OS_REGION_NAME=""
# Don't leave a blank variable, unset it if it was empty
if [ -z "$OS_REGION_NAME" ]; then unset OS_REGION_NAME; fi
export OS_INTERFACE=public
export OS_IDENTITY_API_VERSION=3
`,
  ],
  [
    'kolla',
    `# Ansible managed

${clearing}export OS_PROJECT_DOMAIN_NAME='Default'
export OS_USER_DOMAIN_NAME='Default'
export OS_PROJECT_NAME='admin'
export OS_TENANT_NAME='admin'
export OS_USERNAME='admin'
export OS_PASSWORD='it'"'"'s $a'
export OS_AUTH_URL='http://10.0.0.1:5000'
export OS_INTERFACE='internal'
export OS_ENDPOINT_TYPE='internalURL'
export OS_IDENTITY_API_VERSION='3'
export OS_REGION_NAME='RegionOne'
export OS_AUTH_PLUGIN='password'
`,
  ],
  [
    'TripleO',
    `${clearing}export NOVA_VERSION=1.1
export COMPUTE_API_VERSION=1.1
export OS_USERNAME=admin
export OS_PROJECT_NAME=admin
export OS_USER_DOMAIN_NAME=Default
export OS_PROJECT_DOMAIN_NAME=Default
export OS_NO_CACHE=True
export OS_CLOUDNAME=overcloud
export no_proxy=,10.0.0.5,192.168.24.13
export PYTHONWARNINGS='ignore:Certificate has no, ignore:A true SSLContext object is not available'
export OS_AUTH_TYPE=password
export OS_PASSWORD=jXjXjX8
export OS_AUTH_URL=http://10.0.0.5:5000
export OS_IDENTITY_API_VERSION=3
export OS_COMPUTE_API_VERSION=2.latest

# Add OS_CLOUDNAME to PS1
if [ -z "\${CLOUDPROMPT_ENABLED:-}" ]; then
    export PS1=\${PS1:-""}
    export PS1=\\\${OS_CLOUDNAME:+"(\\$OS_CLOUDNAME)"}\\ $PS1
    export CLOUDPROMPT_ENABLED=1
fi
`,
  ],
  [
    'OVHcloud',
    `#!/bin/bash

# To use an Openstack cloud you need to authenticate against keystone, which
# returns a **Token** and **Service Catalog**.
export OS_AUTH_URL=https://auth.cloud.ovh.net/v3
export OS_IDENTITY_API_VERSION=3

export OS_USER_DOMAIN_NAME=\${OS_USER_DOMAIN_NAME:-"Default"}
export OS_PROJECT_DOMAIN_NAME=\${OS_PROJECT_DOMAIN_NAME:-"Default"}

export OS_TENANT_ID=0123abc
export OS_TENANT_NAME="0123456789"

export OS_USERNAME="user-x"

echo "Please enter your OpenStack Password: "
read -sr OS_PASSWORD_INPUT
export OS_PASSWORD=$OS_PASSWORD_INPUT

export OS_REGION_NAME="GRA11"
# Don't leave a blank variable, unset it if it was empty
if [ -z "$OS_REGION_NAME" ]; then unset OS_REGION_NAME; fi
`,
  ],
  [
    'packstack',
    `unset OS_SERVICE_TOKEN
    export OS_USERNAME=admin
    export OS_PASSWORD='a$b\`c'
    export OS_REGION_NAME=RegionOne
    export OS_AUTH_URL=http://10.0.0.2:5000/v3
    export PS1='[\\u@\\h \\W(keystone_admin)]\\$ '
\x20\x20\x20\x20
export OS_PROJECT_NAME=admin
export OS_USER_DOMAIN_NAME=Default
export OS_PROJECT_DOMAIN_NAME=Default
export OS_IDENTITY_API_VERSION=3
    `,
  ],
  [
    'DevStack',
    `#!/usr/bin/env bash
#
# source openrc [username] [projectname]

if [[ -n "$1" ]]; then
    OS_USERNAME=$1
fi
RC_DIR=$(cd $(dirname "\${BASH_SOURCE:-$0}") && pwd)
source $RC_DIR/functions
export OS_PROJECT_NAME=\${OS_PROJECT_NAME:-demo}
`,
    5,
  ],
  [
    'juju',
    `_OS_PARAMS=$(env | awk 'BEGIN {FS="="} /^OS_/ {print $1;}' | paste -sd ' ')
for param in $_OS_PARAMS; do
    if [ "$param" = "OS_AUTH_PROTOCOL" ]; then continue; fi
    unset $param
done
unset _OS_PARAMS

_keystone_ip=$(juju run $_keystone_unit 'unit-get private-address')
export OS_AUTH_URL=\${OS_AUTH_PROTOCOL:-http}://\${_keystone_ip}:5000/v3
`,
    1,
  ],
  [
    "osrun's sandbox",
    `# Written by osrun sandbox: it is good as long as that sandbox runs.
for name in $(env | sed -n 's/^\\(OS_[A-Z0-9_]*\\)=.*/\\1/p'); do unset "$name"; done
export OS_AUTH_URL=http://127.0.0.1:1/v3
export OS_PASSWORD='it'\\''s'
`,
  ],
  [
    'a person',
    `# the cloud of the workshop
set -a
: "\${OS_REGION_NAME:=RegionOne}"
OS_AUTH_URL=http://\${OS_HOST:-keystone.test}:5000/v3
OS_USERNAME=someone; OS_PROJECT_NAME=work
OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default
OS_PASSWORD="a line
and another\\
, gone on"
set +a
[ -n "$http_proxy" ] && unset http_proxy HTTP_PROXY
OS_AUTH_URL=\${OS_AUTH_URL%/v3}
[ "$OS_USERNAME" != someone ] || { export no_proxy=keystone.test; } 2>/dev/null
`,
  ],
]

/** Files in the manner of the tools that write them. */
export const dialects = files.map(([tool, text, refused]) => [tool, text, refused] as const)
