#!/bin/sh
# For `runner.hooks.job_completed` (runner 3.0.0 or newer), and ACTIONS_RUNNER_HOOK_JOB_COMPLETED of GitHub's runner: looks again after
# every job, compares with what job-started.sh saw, and says in the job's log whether the runner made the job fail.
#
#   runner:
#     hooks:
#       job_started: /opt/runner-check/hooks/job-started.sh
#       job_completed: /opt/runner-check/hooks/job-completed.sh
#
# A failing hook fails the job, so this one never fails. RUNNER_CHECK_TIMEOUT is the deadline of the look (default 10s).
set -u
# Without dirname: a PATH without node may not have it either.
case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
here=$(CDPATH='' cd -- "$here/.." && pwd) || exit 0
(. "$here/hooks/find-node.sh") || exit 0
. "$here/hooks/kept-report.sh"

report=
# The job could put a link there, and GitHub's runner runs this outside of the job's container.
if [ -n "$kept" ] && [ ! -L "$kept" ] && [ -f "$kept/report.json" ] && [ ! -L "$kept/report.json" ]; then report=$kept/report.json; fi
# Node loads what this names, and a job's `env:` may set it.
unset NODE_OPTIONS
# What the post step of the action gets. All of it is set, since an action or a job's `env:` may have left other values.
export STATE_report="$report" STATE_id='' STATE_hook=true INPUT_AFTER=failure INPUT_TIMEOUT="${RUNNER_CHECK_TIMEOUT:-10s}" INPUT_PUBLISH=none
node "$here/dist/post.js" || true
if [ -n "$kept" ]; then rm -rf "$kept" || true; fi
exit 0
