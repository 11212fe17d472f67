package membership

import (
	"slices"
	"strings"
	"time"

	"alliance/internal/platform/lang"
	"alliance/internal/platform/record"
)

// Vote is how the decision behind a membership stands on a day.
type Vote string

const (
	Valid      Vote = "valid"      // a vote for a version of the charter that counts
	Renew      Vote = "renew"      // there was an election: those elected have not confirmed it yet
	Lapsed     Vote = "lapsed"     // they did not confirm it in time
	Superseded Vote = "superseded" // the version that was signed counts no more
	Unvoted    Vote = "unvoted"    // no vote is noted
	Unsigned   Vote = "unsigned"   // no version of the charter is noted
	Over       Vote = "over"       // the membership has ended
	Coming     Vote = "coming"     // it has not begun, or was not voted yet
)

// Votes in the order pages show them.
var Votes = []Vote{Valid, Renew, Lapsed, Superseded, Unvoted, Unsigned, Over, Coming}

// grace is how many months those elected have to confirm what others voted.
const grace = 6

// voteOf is the rule "a voted charter still valid". Days may be known by month
// or year only: such a one counts from its first day where something begins,
// and to its last day where something ends.
func voteOf(m Membership, versions []Version, today string) Vote {
	switch {
	case m.Until != "" && last(m.Until) < today:
		return Over
	case m.Since != "" && first(m.Since) > today:
		return Coming
	case m.Charter == "":
		return Unsigned
	case m.Decided == "":
		return Unvoted
	case first(m.Decided) > today:
		return Coming
	}
	if i := slices.IndexFunc(versions, func(v Version) bool { return sameName(v.Name, m.Charter) }); i >= 0 {
		if v := versions[i]; v.Ended != "" && last(v.Ended) < today {
			return Superseded
		}
	} else if len(versions) > 0 {
		return Unsigned // a version this network does not know
	}
	held := m.Election != "" && last(m.Election) < today
	if !held || first(m.Decided) > last(m.Election) || m.Confirmed != "" && last(m.Confirmed) >= first(m.Election) && first(m.Confirmed) <= today {
		return Valid
	}
	if today <= later(last(m.Election), grace) {
		return Renew
	}
	return Lapsed
}

// holds tells that a membership is not over on a day, and has begun.
func holds(m Membership, today string) bool {
	return (m.Until == "" || last(m.Until) >= today) && (m.Since == "" || first(m.Since) <= today)
}

func sameName(a, b string) bool {
	return lang.Fold(strings.Join(strings.Fields(a), " ")) == lang.Fold(strings.Join(strings.Fields(b), " "))
}

// first is the first day that "2019", "2019-10" or "2019-10-18" may mean.
func first(day string) string { return record.FirstDay(day) }

// last is the last day it may mean.
func last(day string) string { return record.LastDay(day) }

// later is a day some months on; the last day of a shorter month.
func later(day string, months int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	to := time.Date(t.Year(), t.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	return time.Date(to.Year(), to.Month(), min(t.Day(), to.AddDate(0, 1, -1).Day()), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}
