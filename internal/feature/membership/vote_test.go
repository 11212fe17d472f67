package membership

import (
	"testing"

	"alliance/internal/platform/entry"
	"alliance/internal/platform/place"
)

func TestVotedCharterStillValid(t *testing.T) {
	versions := []Version{{Name: "2024", Adopted: "2024-05-01"}, {Name: "2019", Adopted: "2019-10-18", Ended: "2025-12-31"}}
	for name, c := range map[string]struct {
		m    Membership
		want Vote
	}{
		"nothing noted":                           {Membership{}, Unsigned},
		"signed, not voted":                       {Membership{Charter: "2024"}, Unvoted},
		"voted":                                   {Membership{Charter: "2024", Decided: "2024-06-01"}, Valid},
		"written otherwise":                       {Membership{Charter: " 2024 ", Decided: "2024"}, Valid},
		"a version nobody knows":                  {Membership{Charter: "2021", Decided: "2024-06-01"}, Unsigned},
		"a version that counts no more":           {Membership{Charter: "2019", Decided: "2020-01-01"}, Superseded},
		"will be voted":                           {Membership{Charter: "2024", Decided: "2026-11-27"}, Coming},
		"voted today":                             {Membership{Charter: "2024", Decided: "2026-11-26"}, Valid},
		"begins tomorrow":                         {Membership{Charter: "2024", Decided: "2024", Since: "2026-11-27"}, Coming},
		"begins this year":                        {Membership{Charter: "2024", Decided: "2024", Since: "2026"}, Valid},
		"ended yesterday":                         {Membership{Charter: "2024", Decided: "2024", Until: "2026-11-25"}, Over},
		"ends today":                              {Membership{Charter: "2024", Decided: "2024", Until: "2026-11-26"}, Valid},
		"ends this month":                         {Membership{Charter: "2024", Decided: "2024", Until: "2026-11"}, Valid},
		"election to come":                        {Membership{Charter: "2024", Decided: "2024", Election: "2027-03"}, Valid},
		"election today":                          {Membership{Charter: "2024", Decided: "2024", Election: "2026-11-26"}, Valid},
		"election yesterday":                      {Membership{Charter: "2024", Decided: "2024", Election: "2026-11-25"}, Renew},
		"six months to confirm, the last day":     {Membership{Charter: "2024", Decided: "2024", Election: "2026-05-26"}, Renew},
		"a day too late":                          {Membership{Charter: "2024", Decided: "2024", Election: "2026-05-25"}, Lapsed},
		"confirmed":                               {Membership{Charter: "2024", Decided: "2024", Election: "2026-03-22", Confirmed: "2026-05-04"}, Valid},
		"confirmed late":                          {Membership{Charter: "2024", Decided: "2024", Election: "2025-03-22", Confirmed: "2026-05-04"}, Valid},
		"confirmed before the election":           {Membership{Charter: "2024", Decided: "2024", Election: "2025-03-22", Confirmed: "2025-03-21"}, Lapsed},
		"confirmation to come":                    {Membership{Charter: "2024", Decided: "2024", Election: "2026-03-22", Confirmed: "2027-01-01"}, Lapsed},
		"confirmed in the month of the election":  {Membership{Charter: "2024", Decided: "2024", Election: "2025-03-22", Confirmed: "2025-03"}, Valid},
		"voted by those elected":                  {Membership{Charter: "2024", Decided: "2025-06-01", Election: "2025-03-22"}, Valid},
		"voted in the year of the election, when": {Membership{Charter: "2024", Decided: "2025", Election: "2025-03-22"}, Lapsed},
	} {
		if got := voteOf(c.m, versions, "2026-11-26"); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if got := voteOf(Membership{Charter: "any", Decided: "2024"}, nil, "2026-11-26"); got != Valid {
		t.Errorf("a network that lists no version: %s", got)
	}
}

func TestLater(t *testing.T) {
	for day, want := range map[string]string{"2026-05-26": "2026-11-26", "2026-08-31": "2027-02-28", "2027-08-31": "2028-02-29", "no day": "no day"} {
		if got := later(day, grace); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
}

func TestWhoOfAIsInB(t *testing.T) {
	o := func(id, class, country string) entry.Entry {
		return entry.Entry{ID: id, Class: class, Place: place.Place{Country: country, Precision: place.InCountry}}
	}
	r := Registry{Today: "2026-11-26", Organisations: map[string]entry.Entry{
		"one": o("one", "local_authority", "FR"), "two": o("two", "civil_society", "FR"), "three": o("three", "local_authority", "MA"), "four": o("four", "local_authority", "FR")},
		Versions: map[string][]Version{"A": {{Name: "1"}}, "B": {{Name: "1"}}},
		Memberships: []Membership{
			{Member: "one", Network: "A", Charter: "1", Decided: "2020"}, {Member: "one", Network: "B", Charter: "1", Decided: "2021"}, {Member: "one", Network: "C"},
			{Member: "two", Network: "A", Charter: "1", Decided: "2020"}, {Member: "two", Network: "B"},
			{Member: "three", Network: "A", Charter: "1", Decided: "2020"},
			{Member: "four", Network: "A"}, {Member: "four", Network: "B", Until: "2025"},
			{Member: "hidden", Network: "A", Charter: "1", Decided: "2020"},
		}}
	for name, c := range map[string]struct {
		q    Query
		want string
	}{
		"everybody":                  {Query{}, "one3 two2 three1 four1 "},
		"in A":                       {Query{In: "A"}, "one1 two1 three1 four1 "},
		"in A and B":                 {Query{In: "A", Also: "B"}, "one2 two2 "},
		"with votes that count":      {Query{In: "A", Also: "B", Valid: true}, "one2 "},
		"with what is over":          {Query{In: "A", Also: "B", Past: true}, "one2 two2 four2 "},
		"in a country":               {Query{In: "A", Countries: []string{"MA"}}, "three1 "},
		"of a kind":                  {Query{In: "A", Kinds: []string{"civil_society"}}, "two1 "},
		"the second network alone":   {Query{Also: "B"}, "one1 two1 "},
		"a network that nobody sees": {Query{In: "Z"}, ""},
	} {
		got := ""
		for _, row := range r.Find(c.q) {
			got += row.Member.ID + string(rune('0'+len(row.In))) + " "
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
