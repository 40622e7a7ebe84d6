#!/bin/sh
# For `runner.hooks.job_started` (runner 3.0.0 or newer): checks every job's environment without touching its workflow. The hook runs
# inside the job, so the image of a container label needs a copy of runner-check at the path that the configuration names.
#
#   runner:
#     hooks:
#       job_started: /opt/runner-check/hooks/job-started.sh
#
# A failing hook fails the job. RUNNER_CHECK_PROFILE, RUNNER_CHECK_POLICY and RUNNER_CHECK_TIMEOUT as in health-check.sh;
# RUNNER_CHECK_FAIL_ON is `fail` (default), `warn` or `never`.
set -u
# Without dirname: a PATH without node may not have it either.
case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
here=$(CDPATH='' cd -- "$here/.." && pwd) || exit 1
. "$here/hooks/find-node.sh"

set -- --timeout "${RUNNER_CHECK_TIMEOUT:-10s}" --profile "${RUNNER_CHECK_PROFILE:-auto}" --fail-on "${RUNNER_CHECK_FAIL_ON:-fail}"
if [ -n "${RUNNER_CHECK_POLICY:-}" ]; then set -- "$@" --policy "$RUNNER_CHECK_POLICY"; fi
exec node "$here/dist/cli.js" check "$@"
