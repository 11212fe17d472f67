// Reads a calendar file with ical.js and prints what it understood, as JSON.
const fs = require("fs");
const loaded = require("ical.js");
const ICAL = loaded.default || loaded;
const all = new ICAL.Component(ICAL.parse(fs.readFileSync(0, "utf8")));
for (const z of all.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(z);
const out = [];
for (const c of all.getAllSubcomponents("vevent")) {
	if (c.hasProperty("recurrence-id")) continue;
	const e = new ICAL.Event(c);
	const when = (t) => (t.isDate ? t.toString() : t.toJSDate().toISOString().replace(".000", ""));
	const dates = [];
	if (e.isRecurring()) {
		const next = e.iterator();
		for (let t = next.next(); t && dates.length < 12; t = next.next()) dates.push(when(t));
	}
	out.push({ uid: e.uid, summary: e.summary, description: e.description || "", location: e.location || "", start: when(e.startDate), cancelled: c.getFirstPropertyValue("status") === "CANCELLED", dates });
}
console.log(JSON.stringify(out));
