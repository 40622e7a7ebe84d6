import { code, shellQuote, titleWith } from "../../../checks/text.ts";
import { reason } from "../../../checks/words.ts";
import { giteaKeysUpTo, type RunnerSystem } from "../../../knowledge/config-keys.ts";
import type { ImageVariant } from "../../../knowledge/runner-images.ts";
import { composeText, environmentLines, serviceLines, yamlKey } from "../lines.ts";
import type { Service } from "../model.ts";

interface NothingKept {
	readonly service: Service;
	/** The directory of the registration. */
	readonly folder: string;
	readonly path: string;
	/** The name of a new volume. */
	readonly volume: string;
}

interface OfService {
	readonly service: Service;
}

interface TokenInFile {
	readonly service: Service;
	/** The variable or the flag that has it. */
	readonly written: string;
	/** The image reads the token from a file as well. */
	readonly knowsFile: boolean;
}

interface RenamedImage {
	readonly service: Service;
	readonly image: string;
	/** The new name, with the same registry. */
	readonly to: string;
	readonly since: string;
	readonly variant: ImageVariant;
}

interface FloatingTag {
	readonly service: Service;
	readonly image: string;
	/** The image without its tag. */
	readonly name: string;
	/** Its new name, if it has one. */
	readonly renamed: string | undefined;
	readonly system: RunnerSystem;
	readonly variant: ImageVariant;
	/** Its tags are not the runner's releases. */
	readonly vegardit: boolean;
}

export const intro =
	"Looks at how the service is run: whether its registration outlives the container, what restarts it, whether its token is in the file, and which release its image is.";

const variantTag = (variant: ImageVariant): string => (variant === "basic" ? "" : `-${variant}`);
const again = "Start the service again while no job runs.";

export const words = {
	"nothing-kept": reason<NothingKept>({
		level: "warn",
		title: "The registration is lost with the container",
		headline: ({ service }) => titleWith("The registration of ", service.name, " is lost with it"),
		why: "After `docker compose down` the runner registers again: the old one stays in the forge as offline, and a token for one runner is used up.",
		expected: "a volume or a directory of the machine for the registration",
		tell: ({ service, folder, path, volume }) => ({
			what: `${code(service.name)} keeps its registration in ${code(path)}, and nothing is mounted there.`,
			fix: {
				text: `Keep ${code(folder)} in a volume. The runner registers once more, so it needs a valid token for that. ${again}`,
				config: serviceLines(
					service,
					["volumes:", `  - ${composeText(`${volume}:${folder}`)}`],
					["volumes:", `  ${yamlKey(volume)}:`],
				),
				kind: "runner",
			},
		}),
	}),

	"no-restart": reason<OfService>({
		level: "warn",
		title: "Nothing starts the runner's service again",
		headline: ({ service }) => titleWith("Nothing starts ", service.name, " again"),
		why: "After a restart of the machine or of Docker, and after an error, the runner stays offline and jobs wait.",
		expected: "`restart: always` or `restart: unless-stopped`",
		tell: ({ service }) => ({
			what: `${code(service.name)} has no restart policy.`,
			fix: {
				text: "Let Docker start it again. `docker compose up -d` recreates the service, so do that while no job runs.",
				config: serviceLines(service, ["restart: unless-stopped"]),
				kind: "runner",
			},
		}),
	}),

	"token-in-file": reason<TokenInFile>({
		level: "warn",
		title: "The compose file has a token in it",
		headline: ({ written }) => titleWith("The compose file has a token in ", written),
		why: "Compose files are committed and copied. With the token, anyone can register a runner that receives jobs and their secrets.",
		expected: "a variable that Compose takes from `.env`, or a file",
		tell: ({ service, written, knowsFile }) => ({
			what: `${code(written)} of ${code(service.name)} is written out in the file.`,
			fix: written.startsWith("-")
				? {
						text: "Write `${RUNNER_TOKEN}` there, and set `RUNNER_TOKEN` in `.env` next to the file, which is not committed. Reset the token in the forge if the file was.",
						kind: "runner",
					}
				: {
						text: "Move the token to `.env` next to the file, which is not committed. Reset the token in the forge if the file was.",
						config: serviceLines(service, environmentLines({ [written]: `\${${written}}` })),
						kind: "runner",
						...(knowsFile && {
							otherwise: {
								text: "Keep it in a file of its own, as a secret of Compose, and remove the variable.",
								config: serviceLines(
									service,
									[
										...environmentLines({ [`${written}_FILE`]: "/run/secrets/runner-token" }),
										"secrets: [runner-token]",
									],
									["secrets:", "  runner-token:", "    file: ./runner-token"],
								),
								kind: "runner" as const,
							},
						}),
					},
		}),
	}),

	"renamed-image": reason<RenamedImage>({
		level: "warn",
		title: "The runner's image has another name now",
		headline: ({ image }) => titleWith("The image ", image, " has a new name"),
		why: ({ since }) => `Releases from ${since} on are published under the new name only, so this image gets no fixes.`,
		expected: ({ to }) => `the image \`${to}\``,
		tell: ({ service, image, to, variant }) => ({
			what: `${code(service.name)} uses ${code(image)}; the runner is published as ${code(to)}.`,
			fix: {
				text: "Use the new name with the tag of a release. Configuration, variables and the registration stay as they are; read the release notes first. The runner restarts, so do it while no job runs.",
				config: serviceLines(service, [`image: ${composeText(`${to}:${giteaKeysUpTo}${variantTag(variant)}`)}`]),
				kind: "runner",
			},
		}),
	}),

	"floating-tag": reason<FloatingTag>({
		level: "warn",
		title: "The runner's image names no release",
		headline: ({ image }) => titleWith("The runner's image ", image, " names no release"),
		why: "The next pull may bring another generation of the runner, which reads its options and labels differently.",
		expected: "the tag of a release, or a digest",
		tell: ({ service, image, name, renamed, system, variant, vegardit }) => ({
			what: `${code(service.name)} uses ${code(image)}, whose content changes with every release.`,
			fix:
				system === "gitea" && !vegardit
					? {
							text: `Name a release. ${again}`,
							config: serviceLines(service, [
								`image: ${composeText(`${renamed ?? name}:${giteaKeysUpTo}${variantTag(variant)}`)}`,
							]),
							kind: "runner",
						}
					: {
							text: `Name a release, or append today's digest to the image: \`image@sha256:digest\`. The command prints it. ${again}`,
							commands: [`docker buildx imagetools inspect --format '{{.Manifest.Digest}}' ${shellQuote(image)}`],
							kind: "runner",
						},
		}),
	}),
};
