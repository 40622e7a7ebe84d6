# Sourced by what starts runner-check from a shell. A JavaScript action cannot say that node is missing: without node it never
# starts, and the log shows nothing but `exec: "node": executable file not found in $PATH`. POSIX sh only.

if ! command -v node >/dev/null 2>&1; then
	# In a job, the runner shows this as an error.
	prefix=
	if [ "${GITHUB_ACTIONS:-}" = true ]; then prefix=::error::; fi
	places=
	for place in /usr/local/bin /usr/bin /opt/node/bin "${HOME:-/root}/.volta/bin" "${HOME:-/root}"/.nvm/versions/node/*/bin; do
		if [ -x "$place/node" ]; then places="$places $place"; fi
	done
	if [ -n "$places" ]; then
		echo "${prefix}runner-check: node is installed in$places, which is not on the PATH of jobs ($PATH). Add it: in the image by ENV PATH, on the host by Environment=PATH=… in the runner's unit."
	else
		echo "${prefix}runner-check: node is not installed here, so no JavaScript action can start, actions/checkout included. Install Node 20 or newer in the job's image, or on the host of a host runner."
	fi >&2
	exit 1
fi
