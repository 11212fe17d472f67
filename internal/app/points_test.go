package app_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"alliance/internal/feature/merge"
	"alliance/internal/housetest"
	"alliance/internal/platform/db"
)

// stays are columns in which entries stand and that a merge leaves as they are.
var stays = map[string]string{
	"entry_theme.entry": "a part of the record itself", "entry_revision.entry": "history", "record.entry": "a part of the record itself", "record_value.entry": "a part of the record itself",
	"organisation_profile.entry": "a part of the record itself", "organisation_language.entry": "a part of the record itself", "organisation_axis.entry": "a part of the record itself",
	"event.entry": "a part of the record itself", "event_date.event": "a part of the record itself", "event_change.event": "a part of the record itself", "event_organiser.event": "a part of the record itself",
	"roll.organisation": "how a vote was counted", "work_row.entry": "what a change of many did", "check_reminder.entry": "mails that were sent", "story_teller.entry": "stories are not merged",
	"record_merge.kept": "the merge itself", "record_merge.given": "the merge itself", "record_apart.one": "the decision itself", "record_apart.other": "the decision itself",
}

// TestEveryColumnThatPointsIsKnown: a new table that names entries says whether
// a merge leads its rows to the record that is kept.
func TestEveryColumnThatPointsIsKnown(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	known := map[string]bool{}
	for _, p := range append(merge.PlatformPoints, h.Points...) {
		known[p.Name()] = true
	}
	mergeable := map[string]bool{}
	for _, k := range h.Kinds {
		mergeable[k.Name] = k.Spec != nil
	}
	files, _ := filepath.Glob("../*/*/schema/*.sql")
	table := regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\n\)`)
	column := regexp.MustCompile(`(?m)^\s*(\w+)\s+\{\{id\}\}.*REFERENCES (entry|organisation) \(id\)`)
	n := 0
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range table.FindAllStringSubmatch(string(text), -1) {
			for _, c := range column.FindAllStringSubmatch(found[2], -1) {
				name := found[1] + "." + c[1]
				n++
				if !known[name] && stays[name] == "" && !ofMeetings[found[1]] {
					t.Errorf("%s: is %s led to the record that is kept (feature.Points), or does it stay (stays)?", strings.TrimPrefix(f, "../"), name)
				}
			}
		}
	}
	if n < 30 {
		t.Fatalf("only %d columns found: does the pattern still fit?", n)
	}
}

// ofMeetings are tables about what is said and decided in meetings, which is no
// record and is merged by a committee, with lineage.
var ofMeetings = map[string]bool{"assembly": true, "phase": true, "phase_move": true, "organiser": true, "programme": true, "workshop": true, "attendance": true, "captured": true, "proposal": true,
	"item": true, "action": true, "carrier": true, "evidence": true, "reply": true, "motion": true, "amendment": true}
