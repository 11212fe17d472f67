package app

import "alliance/internal/platform/archive"

// Why tables stay out of archives.
const (
	outKeys    = "keys, sessions and links of people: secret"
	outSealed  = "sealed, and readable with the key of the house alone"
	outLetters = "letters to the coordination, sent in confidence"
	outPrivate = "what a person alone has to do with it"
	outUndo    = "for taking a merge back, with rows of private tables; where an entry leads to stands in the entry"
	outWork    = "work in hand, of no use elsewhere"
)

// archived says of every table what goes into an archive. A table that is not
// here makes archiving fail, and a test: whoever adds one decides.
var archived = map[string]archive.Rule{
	// The alliance, its people and who acts for whom.
	"alliance": {}, "organisation": {}, "mandate": {}, "role": {}, "factor_rule": {},
	"person":  {Blank: []string{"password"}, Private: []string{"email", "email_key"}},
	"journal": {}, "journal_head": {}, // whole: each line holds a hash of the one before

	// What people published, with every version and how it came about.
	"entry": {By: "kind"}, "entry_theme": {}, "entry_revision": {}, "record": {}, "record_value": {},
	"derivation": {}, "derivation_link": {}, "file": {}, "record_apart": {}, "document": {},

	"organisation_profile": {}, "organisation_language": {}, "organisation_axis": {}, "network_charter": {},
	"assembly": {}, "phase": {}, "phase_move": {}, "organiser": {}, "programme": {}, "attendance": {},
	"workshop": {Blank: []string{"code"}}, "captured": {Blank: []string{"edit"}}, "proposal": {},
	"reply_period": {}, "reply": {},
	"motion": {}, "roll": {}, "ballot": {}, "paper_batch": {}, "amendment": {},
	"item": {}, "action": {}, "carrier": {}, "evidence": {},
	"event": {}, "event_date": {}, "event_change": {}, "event_organiser": {}, "event_going": {}, "event_source": {},
	"comment": {}, "comment_version": {}, "moderation": {Blank: []string{"note"}},
	"check_round": {}, "check_share": {}, "check_item": {Blank: []string{"link"}}, "check_reminder": {},
	"contribution_policy": {}, "validator": {},
	"contribution":      {Over: "ended", Blank: []string{"sealed", "address", "was"}, Unnamed: []string{"hash"}},
	"contribution_said": {Of: "contribution", Table: "contribution", Blank: []string{"words"}},
	"handover":          {}, "handover_thing": {}, "election": {}, "election_ask": {}, "election_said": {},
	"work_view": {}, "work_assigned": {},

	"session": {Out: outKeys}, "link": {Out: outKeys}, "token": {Out: outKeys}, "factor": {Out: outKeys}, "recovery": {Out: outKeys},
	"passkey": {Out: outKeys}, "challenge": {Out: outKeys}, "provider": {Out: outKeys}, "provider_person": {Out: outKeys}, "device": {Out: outKeys}, "attempt": {Out: outKeys}, "invitation": {Out: outKeys}, "mail_key": {Out: outKeys},
	"event_registration": {Out: outSealed}, "story_teller": {Out: "whose story it is, which nothing else says"},
	"claim": {Out: outSealed}, "claim_said": {Out: outLetters},
	"record_merge": {Out: outUndo}, "record_merge_row": {Out: outUndo},
	"error_report": {Out: outLetters}, "organisation_correction": {Out: outLetters}, "report": {Out: outLetters},
	"follower": {Out: outPrivate}, "follow": {Out: outPrivate}, "notice": {Out: outPrivate}, "ending_quiet": {Out: outPrivate},
	"import_batch": {Out: "lists as they were brought in, with whatever stood in them"}, "import_row": {Out: "lists as they were brought in, with whatever stood in them"},
	"mail_sent": {Out: outWork}, "mail_back": {Out: outPrivate}, "mail_tally": {Out: outWork},
	"job": {Out: outWork}, "trouble": {Out: outWork}, "job_every": {Out: outWork}, "done": {Out: outWork}, "backup": {Out: outWork},
	"event_run": {Out: outWork}, "ending_told": {Out: outWork}, "event_upload": {Out: outWork}, "work_batch": {Out: outWork}, "work_row": {Out: outWork},
}
