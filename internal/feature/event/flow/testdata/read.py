# Reads a calendar file with python3-icalendar and prints what it understood, as JSON.
import datetime, json, sys
from icalendar import Calendar

out = []
for e in Calendar.from_ical(sys.stdin.buffer.read()).walk("VEVENT"):
    if "RECURRENCE-ID" in e:
        continue
    at = e["DTSTART"].dt
    if isinstance(at, datetime.datetime):
        start = at.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    else:
        start = at.isoformat()
    out.append({"uid": str(e["UID"]), "summary": str(e["SUMMARY"]), "description": str(e.get("DESCRIPTION", "")), "location": str(e.get("LOCATION", "")), "start": start, "cancelled": str(e.get("STATUS", "")) == "CANCELLED", "dates": []})
print(json.dumps(out))
