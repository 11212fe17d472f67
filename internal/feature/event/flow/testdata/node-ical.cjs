// Reads a calendar file with node-ical and prints what it understood, as JSON.
const fs = require("fs");
const ical = require("node-ical");
const text = (v) => (v && typeof v === "object" ? v.val : v) || "";
const out = [];
for (const e of Object.values(ical.sync.parseICS(fs.readFileSync(0, "utf8")))) {
	if (e.type !== "VEVENT") continue;
	const day = e.datetype === "date";
	const p = (n) => String(n).padStart(2, "0");
	const start = day ? `${e.start.getFullYear()}-${p(e.start.getMonth() + 1)}-${p(e.start.getDate())}` : e.start.toISOString().replace(".000", "");
	out.push({ uid: e.uid, summary: text(e.summary), description: text(e.description), location: text(e.location), start, cancelled: e.status === "CANCELLED", dates: [] });
}
console.log(JSON.stringify(out));
