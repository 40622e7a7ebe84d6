import { expect, test } from "vitest";
import { daysLeft, inDays } from "../../../src/checks/network/certificate.ts";

const started = "2026-11-24T06:00:00.000Z";
const at = (days: number): string => new Date(Date.parse(started) + days * 86_400_000).toISOString();

test.each<[string, number, number, number | undefined]>([
	["just made, for ten days", 0, 10, 10],
	["just made, for three days", 0, 3, 3],
	["fourteen days left", -76, 14, 14],
	["more than fourteen days left", -75, 14.01, undefined],
	["an hour left", -90, 1 / 24, 0],
	["expired, which is another finding", -90, -1, undefined],
	["twelve hours that renew themselves", -0.1, 0.4007, undefined],
	["twelve hours that were not renewed", -0.45, 0.0507, 0],
	["six days of an ACME server", -1, 5.66666, undefined],
])("a certificate: %s", (_, from, until, days) => {
	expect(daysLeft({ from: at(from), until: at(until) }, started)).toBe(days);
});

test("days in words", () => {
	expect([0, 1, 2].map(inDays)).toEqual(["within a day", "in 1 day", "in 2 days"]);
});
