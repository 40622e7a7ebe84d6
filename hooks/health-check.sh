#!/bin/sh
# For the runner's `health_check.script` (runner 2.2.0 or newer): a sick host takes no job. One line for each finding, exit 0 if healthy.
#
#   health_check:
#     enabled: true
#     script: /opt/runner-check/hooks/health-check.sh
#
# RUNNER_CHECK_PROFILE names the profile (`titan`, `gpu`, …; otherwise the environment decides), RUNNER_CHECK_POLICY a policy file,
# RUNNER_CHECK_TIMEOUT the deadline of each probe: the runner's own is 10 s.
set -u
# Without dirname: a PATH that lacks node may lack everything.
case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
here=$(CDPATH='' cd -- "$here/.." && pwd) || exit 1
. "$here/hooks/find-node.sh"

set -- --format lines --timeout "${RUNNER_CHECK_TIMEOUT:-5s}" --profile "${RUNNER_CHECK_PROFILE:-auto}"
if [ -n "${RUNNER_CHECK_POLICY:-}" ]; then set -- "$@" --policy "$RUNNER_CHECK_POLICY"; fi
exec node "$here/dist/cli.js" check "$@"
