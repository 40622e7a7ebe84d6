import { code, cut, operand, titleWith } from "../text.ts";
import { reason, unknown } from "../words.ts";
import { accessWords, expectedHelper, fixHelper, type LoginHelper, whyHelper } from "./registry-access-words.ts";
import { type Asked, also, expectedOf, subjectOf, urlOf, whyOf } from "./registry-asked.ts";
import { connectionWords, expiringWords } from "./registry-connection-words.ts";

export const intro = `The check makes the first requests of a pull: it asks for the head of the manifest, gets the token that the registry wants, and asks again. It pulls no layer and follows no redirect. A registry without a named image is asked for \`GET /v2/\`. Several images of one registry give one result: the worst decides, and all are in the evidence. An entry that is neither a host nor an image is an \`error\`.

Images of Docker Hub are asked of the daemon's mirrors first (\`registry-mirrors\`, from \`/info\`), in their order and without a login, and of Docker Hub itself only if no mirror has them.

It uses the login that the job's Docker CLI would use: the variable \`DOCKER_AUTH_CONFIG\` (CLI 28.3 and newer), else \`config.json\` in \`DOCKER_CONFIG\` or \`~/.docker\`, with \`credHelpers\`, \`credsStore\` and \`auths\`. The login is sent to its registry, and with TLS to the token server that the registry names. It never appears in a log or report. A certificate is trusted if Node, \`/etc/docker/certs.d/<registry>/ca.crt\` or the system's authorities trust it. \`HTTPS_PROXY\` and \`NO_PROXY\` apply like they do for the job's tools. \`docker pull\` leaves pulling to the daemon, which may have other proxies and other authorities: \`docker info\` shows them.

TLS is required, except on \`localhost\` and for registries that the daemon may ask without it. If verified TLS fails and the daemon's socket is available, the check reads the daemon's \`insecure-registries\` (\`docker info\`). A registry that they name, or whose address is in one of their networks, is then asked like Docker does it: first with unverified TLS, then without TLS. The login is sent the same way, and without TLS only to a token server on the same host. The result says so. The check does not look up the address of a name to compare it with a network.`;

/** In the order in which they decide if the images of a registry fail for different reasons. */
export const words = {
	...connectionWords,
	...accessWords,
	timeout: reason<Asked | LoginHelper>({
		level: "fail",
		title: "The registry does not answer in time",
		headline: (seen) => {
			const registry = code(cut(seen.host, 20));
			return "look" in seen
				? `The registry ${registry} does not answer in time`
				: `The login helper for ${registry} does not finish`;
		},
		why: (seen) => ("look" in seen ? whyOf(seen) : whyHelper(seen)),
		expected: (seen) => ("look" in seen ? expectedOf(seen) : expectedHelper(seen)),
		tell: (seen) =>
			"look" in seen
				? {
						what: `${subjectOf(seen)} does not answer within the deadline.${also(seen)}`,
						fix: {
							text: "Check what is between: a firewall that drops packets, a missing proxy setting, or a container network with larger packets than the host's connection allows (lower the `mtu` of the Docker network; often a VPN is the cause).",
							commands: [
								`curl -sS -m 20 -o /dev/null -w '%{http_code} %{time_connect} %{time_appconnect}\\n' ${operand(urlOf(seen))}`,
							],
							kind: "host",
						},
					}
				: {
						what: `${code(seen.login.helper)} keeps the login for ${code(seen.host)} and does not finish within the deadline.`,
						fix: fixHelper(seen),
					},
		more: "The deadline is the input `timeout`.",
	}),
	"tls-expiring": expiringWords,
};

export type RegistryReason = keyof typeof words;

/** What an entry of `registries` may be. */
const anEntry = "a host such as `ghcr.io`, or an image such as `ghcr.io/fortemi/fortemi/builder:latest`";

export const unknowns = {
	"invalid-entry": unknown<{ readonly entry: string; readonly name: string }>({
		title: "An entry of `registries` names no registry",
		headline: ({ name }) => titleWith("", name, " names no registry"),
		why: "The registry that was meant is not checked. If it does not answer, jobs fail when they pull from it.",
		expected: anEntry,
		tell: ({ entry }) => ({
			what: `\`registries\` in the policy contains ${code(entry)}, which is neither a host nor an image that can be pulled.`,
			fix: {
				text: `Correct the entry in the policy: it must be ${anEntry}. Names are lowercase, and a tag comes last.`,
				kind: "workflow",
			},
		}),
	}),
};

/** A registry that answers, and that a stranger's policy must not get a login for. */
export function withheld(host: string): string {
	return `${code(host)} answers, but not without a login. In a pull request from a fork, a registry that only the workspace's policy names gets none. To trust this workspace, set the input \`trust-policy: true\`.`;
}

/** How the certificate of a registry was not verified, for a passing result. @param hasTls Whether TLS was used at all. */
export function insecurely(hasTls: boolean): string {
	return `, without ${hasTls ? "verified TLS" : "TLS"}, as the Docker daemon's \`insecure-registries\` allow`;
}
