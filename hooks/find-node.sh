# Sourced by everything that starts runner-check from a shell. A JavaScript action cannot report that node is missing: it never
# starts, and the log shows only `exec: "node": executable file not found in $PATH`. POSIX sh only.

if ! command -v node >/dev/null 2>&1; then
	# In a job, the runner shows this as an error. Its health check has the variables of a job, but is not a job.
	prefix=
	if [ "${GITHUB_ACTIONS:-}" = true ] && [ "${GITEA_RUNNER_HEALTH_CHECK:-}" != true ]; then prefix=::error::; fi
	places=
	for place in /usr/local/bin /usr/bin /opt/node/bin "${HOME:-/root}/.volta/bin" "${HOME:-/root}"/.nvm/versions/node/*/bin; do
		if [ -x "$place/node" ]; then places="$places $place"; fi
	done
	if [ -n "$places" ]; then
		echo "${prefix}runner-check: node is installed in$places, which is not on the PATH of jobs ($PATH). Add it to ENV PATH of the image, or to Environment=PATH= of the runner's unit for host jobs."
	else
		echo "${prefix}runner-check: node is not installed here, so no JavaScript action can start, not even actions/checkout. Install Node 20 or newer in the job's image, or on the runner's host for host jobs."
	fi >&2
	exit 1
fi
