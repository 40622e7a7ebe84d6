#!/bin/sh
# For the runner's `health_check.script` (runner 2.2.0 or newer): a host that is not healthy takes no job. Prints one line for each finding; exit code 0 if healthy.
#
#   health_check:
#     enabled: true
#     script: /opt/runner-check/hooks/health-check.sh
#
# It judges the runner's own place: the host, or the container of the runner. What is in job containers, it cannot see.
# RUNNER_CHECK_PROFILE names the profile (`titan`, `gpu`, …; default `generic`, as there is no job whose label could decide),
# RUNNER_CHECK_POLICY a policy file (default /etc/runner-check.yml, if it exists), RUNNER_CHECK_TIMEOUT the deadline of the run. The runner's own deadline for the script is 10 s.
set -u
# Without dirname: a PATH without node may not have it either.
case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
here=$(CDPATH='' cd -- "$here/.." && pwd) || exit 1
. "$here/hooks/find-node.sh"

set -- --format lines --timeout "${RUNNER_CHECK_TIMEOUT:-5s}" --profile "${RUNNER_CHECK_PROFILE:-auto}"
# The machine says what it must be, never a file of the workspace.
set -- "$@" --workspace ignore
policy=${RUNNER_CHECK_POLICY:-/etc/runner-check.yml}
if [ -n "${RUNNER_CHECK_POLICY:-}" ] || [ -e "$policy" ]; then set -- "$@" --policy "$policy"; fi
# Node loads what this names, and a job's `env:` may set it.
unset NODE_OPTIONS
exec node "$here/dist/cli.js" check "$@"
