#!/bin/sh
# For `runner.hooks.job_started` (runner 3.0.0 or newer): checks every job's environment without touching its workflow. The hook runs
# inside the job, so the image of a container label needs a copy of runner-check at the path that the configuration names.
#
#   runner:
#     hooks:
#       job_started: /opt/runner-check/hooks/job-started.sh
#
# With job-completed.sh next to it, the report is kept until the end of the job, and compared with what is seen then.
# A failing hook fails the job. RUNNER_CHECK_PROFILE names the profile; without it, the job's labels decide, else the environment, and the
# hook says so. RUNNER_CHECK_POLICY and RUNNER_CHECK_TIMEOUT as in health-check.sh; RUNNER_CHECK_FAIL_ON is `fail` (default), `warn` or `never`.
#
# Nothing in the workspace has a say. A workflow's `env:` does, since the runner gives it to the hook, too. A script of the machine around
# this one holds against that:
#
#   #!/bin/sh
#   export RUNNER_CHECK_PROFILE=titan RUNNER_CHECK_POLICY=/etc/runner-check.yml RUNNER_CHECK_FAIL_ON=fail
#   exec /opt/runner-check/hooks/job-started.sh
set -u
# Without dirname: a PATH without node may not have it either.
case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
here=$(CDPATH='' cd -- "$here/.." && pwd) || exit 1
. "$here/hooks/find-node.sh"
. "$here/hooks/kept-report.sh"

set -- --timeout "${RUNNER_CHECK_TIMEOUT:-10s}" --profile "${RUNNER_CHECK_PROFILE:-auto}" --fail-on "${RUNNER_CHECK_FAIL_ON:-fail}"
# The machine says what it must be, never a file of the workspace.
set -- "$@" --workspace ignore
policy=${RUNNER_CHECK_POLICY:-/etc/runner-check.yml}
if [ -n "${RUNNER_CHECK_POLICY:-}" ] || [ -e "$policy" ]; then set -- "$@" --policy "$policy"; fi
# A directory that exists already is somebody else's. Without one, the job goes on, and its end cannot be compared.
if [ -n "$kept" ] && mkdir -m 700 "$kept" 2>/dev/null; then set -- "$@" --report-dir "$kept"; fi
# Node loads what this names, and a job's `env:` may set it.
unset NODE_OPTIONS
exec node "$here/dist/cli.js" check "$@"
