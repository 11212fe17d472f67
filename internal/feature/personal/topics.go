package personal

import (
	"slices"

	"alliance/internal/platform/held"
	"alliance/internal/platform/locale"
)

// topic is what some tables are about, in words.
type topic struct {
	Name   locale.Phrase
	Tables []string
}

// topics are in the order of the page. What is in none stands last.
var topics = []topic{
	{locale.Phrase{Key: "personal.topic.account", English: "Account, and ways to sign in"},
		[]string{"person", "session", "attempt", "device", "factor", "factor_rule", "passkey", "provider_person", "recovery", "token", "invitation"}},
	{locale.Phrase{Key: "personal.topic.mandates", English: "Mandates and roles"},
		[]string{"mandate", "role", "validator", "election", "election_ask", "election_said", "ending_quiet", "ending_told", "handover", "handover_thing"}},
	{locale.Phrase{Key: "personal.topic.written", English: "What was written, and corrected"},
		[]string{"entry", "entry_revision", "captured", "comment", "comment_version", "report", "error_report", "derivation", "document", "file", "story_teller", "record", "record_merge", "organisation_correction"}},
	{locale.Phrase{Key: "personal.topic.meetings", English: "Meetings, votes and actions"},
		[]string{"assembly", "attendance", "ballot", "roll", "motion", "amendment", "challenge", "paper_batch", "phase_move", "reply", "carrier", "evidence", "event_change", "event_going", "event_registration", "event_run", "event_source"}},
	{locale.Phrase{Key: "personal.topic.followed", English: "What is followed, and mails sent"},
		[]string{"follow", "follower", "notice", "mail_back", "mail_sent"}},
	{locale.Phrase{Key: "personal.topic.proposed", English: "What was proposed, and answers to it"},
		[]string{"claim", "claim_said", "contribution", "contribution_said", "moderation"}},
	{locale.Phrase{Key: "personal.topic.work", English: "Work on lists and checks"},
		[]string{"check_item", "check_reminder", "check_round", "check_share", "import_batch", "work_assigned", "work_batch", "work_row", "work_view"}},
	{locale.Phrase{Key: "personal.topic.journal", English: "Lines of the journal"}, []string{"journal"}},
	{locale.Phrase{Key: "personal.topic.other", English: "Other"}, nil},
}

// about is what is held on one topic.
type about struct {
	topic
	Rows int
}

// byTopic gives what is held on each topic, and in which tables.
func byTopic(list []held.Table) (all []about) {
	for i, t := range topics {
		a := about{topic: topic{Name: t.Name}}
		for _, h := range list {
			if topicOf(h.Name) == i {
				a.Tables, a.Rows = append(a.Tables, h.Name), a.Rows+len(h.Rows)
			}
		}
		if a.Rows > 0 {
			all = append(all, a)
		}
	}
	return all
}

func topicOf(table string) int {
	if i := slices.IndexFunc(topics, func(t topic) bool { return slices.Contains(t.Tables, table) }); i >= 0 {
		return i
	}
	return len(topics) - 1
}
