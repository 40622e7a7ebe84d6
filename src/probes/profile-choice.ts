import type { Host } from "../host/host.ts";
import type { ProfileChoice } from "../policy/auto-profile.ts";
import type { Request } from "../request.ts";
import type { Probe } from "./probe.ts";

/** Which step chose the profile, and what it went by. */
export type ProfileChoiceFacts = Omit<ProfileChoice, "name">;

/** Source: the request, which was made before any probe ran. */
export const profileChoiceProbe: Probe<ProfileChoiceFacts> = {
	name: "profile-choice",
	async collect(_host: Host, { profileChoice }: Request): Promise<ProfileChoiceFacts> {
		return profileChoice;
	},
};
