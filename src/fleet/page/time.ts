import { h } from "./dom.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `28 Nov 2026, 06:00 UTC` */
export function timeText(iso: string): string {
	const date = new Date(iso);
	if (Number.isNaN(date.getTime())) return iso;
	const clock = date.toISOString().slice(11, 16);
	return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}, ${clock} UTC`;
}

/** `28 Nov` */
export function dateText(iso: string): string {
	return timeText(iso).replace(/ \d{4},.*/, "");
}

/** `3 h`: the largest unit of which there are two, so that 30 hours are not "1 d". */
export function ageText(iso: string, now: string): string {
	const minutes = Math.max(0, Math.round((Date.parse(now) - Date.parse(iso)) / 60_000));
	if (Number.isNaN(minutes)) return "";
	if (minutes < 120) return `${minutes} min`;
	return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
}

/** A time that a program can read too. */
export function time(iso: string, text = timeText(iso)): HTMLTimeElement {
	const element = h("time", "", text);
	element.dateTime = iso;
	element.title = timeText(iso);
	return element;
}
