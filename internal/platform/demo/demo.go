// Package demo holds what the demonstration shows: the launch meeting of 2019,
// from facts, and a second, invented meeting in which every phase can be tried.
// It is content and types only; whoever seeds a database reads it from here.
//
// The one idea: structure and words are apart. launch/meeting.json and
// second/meeting.json hold identifiers, dates and relations; the words stand
// beside them by key, one file a language (launch/fr.json: "P1.1.title"), so
// that a translator opens one file and a test finds what is missing. What is
// written in one original language, with few translations, is in
// second/words.json.
//
// Two rules keep it honest. Words are ours: a test holds them against hashes
// of the report. And nothing invented is attributed to a real organisation or
// person: in 2019 the author of a proposal is its workshop, nobody votes, and
// lineage is a reading by the editors that the committee has still to confirm.
package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"alliance/internal/platform/lang"
)

// Languages are those of the interface: every public text is in all of them.
var Languages = []string{"fr", "en", "es", "pt", "it", "de", "ar"}

// When is a point in time: "2019-10-03", "2019-10-03T14:00" (fixed), or "-3",
// "+2T09:30" (days from the day the demonstration was started, so that what is
// open stays open); "" is not known. Without a clock it is midnight.
type When string

// At gives the instant in zone; ok is false for "" and malformed values.
func (w When) At(today time.Time, zone *time.Location) (at time.Time, ok bool) {
	if w == "" {
		return time.Time{}, false
	}
	date, clock, _ := strings.Cut(string(w), "T")
	hour, minute := 0, 0
	if clock != "" {
		if _, err := fmt.Sscanf(clock, "%d:%d", &hour, &minute); err != nil {
			return time.Time{}, false
		}
	}
	if day, err := time.ParseInLocation("2006-01-02", date, zone); err == nil {
		return day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute), true
	}
	days, err := strconv.Atoi(date)
	if err != nil {
		return time.Time{}, false
	}
	t := today.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day()+days, hour, minute, 0, 0, zone), true
}

// Meeting is an assembly with everything in it.
type Meeting struct {
	Slug         string
	Invented     bool // pages say so
	Title, Lead  lang.Text
	Venue        string // a proper name, in its own language
	City         string
	Country      string // ISO 3166-1 alpha-2
	Lat, Lon     float64
	Timezone     string
	Starts, Ends When
	Organisers   []string // slugs of organisations
	Participants []string // slugs: who was there, or is expected
	Figures      Figures
	Phases       []Phase
	Programme    []Item
	Axes         []Axis
	Workshops    []Workshop
	Synthesis    []Act
	Motions      []Motion
	Adopted      []Adopted
	NotCarried   []NotCarried
	Actions      []Action
	Days         []Day
	Timeline     []Milestone
	Local        []Meeting // assemblies inside this one
	BroughtUp    []string  // a local one: its proposals that it hands to the one above
}

// Figures are the counts printed in the report; what they count is not listed there.
type Figures struct{ Participants, Countries, Cities, Organisations int }

// Phase is a stretch of a meeting.
type Phase struct {
	Key          string // workshops, synthesis, plenary, agenda
	Title, Plain lang.Text
	Starts, Ends When
}

// Item is one point of the programme; At is "" where only the order is known.
type Item struct {
	ID    string
	Order int
	At    When
	Kind  string // plenary, workshop, committee, public
	Title lang.Text
}

// Axis is a line of work of the alliance; both meetings share the five of 2019.
type Axis struct {
	ID          string
	Title, Lead lang.Text
}

// Workshop is the group of a meeting on one axis.
type Workshop struct {
	ID, Axis    string
	Title, Lead lang.Text
	State       string // coming, open, closed
	Code        string // to join on a phone; "" when closed
	Sequences   []Sequence
	Facilitator string // Person.ID
	Rapporteur  string
	Present     []string // slugs: attendance by organisation
	Stakes      []Stake
	Notes       []Note
	Proposals   []Proposal
}

// Sequence is one of the two parts of a workshop.
type Sequence struct {
	Number int
	Title  lang.Text
	State  string // coming, open, closed
}

// Stake is what a workshop sees as at issue.
type Stake struct {
	ID       string
	Text     lang.Text
	Cautions []lang.Text
}

// Note is one line taken down in the room, in the language it was said.
type Note struct {
	ID           string
	Kind         string // practice, stake, proposal, caution, quote
	Sequence     int
	Text         lang.Text
	By           string // name the speaker chose to give, "" = the workshop
	Organisation string // slug, "" = none given
	At           When
}

// Proposal is what a workshop proposes.
type Proposal struct {
	ID           string
	Title        lang.Text // at most 10 words
	Plain        lang.Text // "en clair": 2 to 4 short sentences
	Means        lang.Text
	Carriers     lang.Text // who would carry it, in words
	Level        string    // local, alliance
	Stakes       []string
	Themes       []string
	Cautions     []lang.Text
	Questions    []lang.Text
	Organisation string    // slug of the author; "" = the workshop as a whole
	State        string    // draft, brought_up, merged, set_aside, put
	Earlier      lang.Text // Plain before its last rewriting, when translations are stale; else empty
	At           When
}

// Act is what the committee did with proposals.
type Act struct {
	ID      string
	Kind    string   // merge, split, reword, set_aside
	From    []string // proposals
	Unsure  []string // proposals that may have gone in; the source does not say
	To      []string // proposals or adopted items; none when set aside
	Reading bool     // read from the report by the editors; to be confirmed by the committee
	Reason  lang.Text
	Taken   []Taken
	Result  *Proposal // the new wording; nil when To is an adopted item, whose words it is
	By      string    // Person.ID, "" when Reading
	At      When
	Until   When // end of the right of reply
	Replies []Reply
}

// Taken says, per parent of a merge, what went in and what did not.
type Taken struct {
	From           string
	Taken, LeftOut lang.Text
}

// Reply is an author's answer to a merge or a setting aside.
type Reply struct {
	Organisation string
	Text         lang.Text
	At           When
}

// Motion is a proposal put to the plenary.
type Motion struct {
	ID            string
	Session       int
	Title, Plain  lang.Text
	From          []string // proposals
	State         string   // decided, open, coming
	Secret        bool
	Opens, Closes When
	Votes         map[string]string // slug → for, against, abstain; of open ballots only
	Paper         []string          // slugs whose vote was given on paper
	Outcome       string            // adopted, rejected, "" before the close
	Reservations  []Reply
	Item          string // adopted item that came of it
}

// Adopted is an action or a principle of the agenda.
type Adopted struct {
	ID           string
	Kind         string // action, principle
	Title, Plain lang.Text
	From         []string // proposals
	Unsure       []string
	Reading      bool   // From is the editors' reading, to be confirmed by the committee
	Motion       string // "" in 2019: the report tells of approval, not of votes
	Decided      When   // in 2019 the closing day: the report does not date the approval itself
}

// NotCarried is a proposal that nothing adopted names.
type NotCarried struct {
	Proposal string
	Nearest  string // adopted item that comes nearest, or ""
	Why      lang.Text
	Question lang.Text // what the committee is asked
}

// Action is a joint action under an adopted item.
type Action struct {
	ID, Item     string
	Title, Plain lang.Text
	Carriers     []Carrier // at least one authority and one civil-society or migrant-led body
	State        string    // moved, late, silent, done, dropped: as the review would say
	Step         string    // pledged, under_way, done, verified, dropped
	Starts, Due  When
	Updates      []Update
	Evidence     []Evidence
	Reason       lang.Text // of dropping
	Ended        When
}

// Carrier is an organisation that carries an action, and when it confirmed.
type Carrier struct {
	Organisation string
	Confirmed    When
}

// Update is a line of progress.
type Update struct {
	At           When
	Organisation string
	Text         lang.Text
}

// Evidence shows that something was done; another organisation confirms it.
type Evidence struct {
	At           When
	Organisation string
	Text         lang.Text
	ConfirmedBy  string
	Confirmed    When
}

// Day is a day that unites, each year.
type Day struct {
	Date         string // MM-DD
	Title, Plain lang.Text
}

// Milestone is a step that led to the launch.
type Milestone struct {
	When  string // "2013/2017", "2015", "2016-07"
	Where string
	Text  lang.Text
}

// Theme is a field of competence.
type Theme struct {
	ID   string
	Name lang.Text
}

// College is a group that decides as one body.
type College struct {
	ID          string // authorities, civil_society, migrant_led
	Name, Plain lang.Text
	Kinds       []string // organisation kinds that vote in it
	Quorum      int      // % of its organisations on the roll that must vote
	Threshold   int      // more than this % of for + against
}

// VoiceOnly are the kinds that may speak and do not vote.
var VoiceOnly = []string{"network", "public_institution", "academia"}
