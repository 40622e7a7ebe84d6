# Sourced by job-started.sh and job-completed.sh: `kept` is the directory where the report of the start waits for the end of the job.
# RUNNER_TEMP is the job's own and goes with it. A label may share /tmp among its containers, so the container's name tells them apart.
# Both may come from a workflow's `env:`. Empty if there is no such place. POSIX sh only.

kept=
case ${JOB_CONTAINER_NAME:-host} in
*[!A-Za-z0-9_.-]*) ;;
*) case ${RUNNER_TEMP:-} in /*) kept=$RUNNER_TEMP/runner-check-hook-${JOB_CONTAINER_NAME:-host} ;; esac ;;
esac
