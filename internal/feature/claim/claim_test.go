package claim

import (
	"slices"
	"testing"

	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

func TestOutcome(t *testing.T) {
	agree := func(s Seat) Said { return Said{Seat: s, Act: Agree} }
	for _, c := range []struct {
		said []Said
		want State
	}{
		{nil, Waiting},
		{[]Said{agree(Authority)}, Waiting},
		{[]Said{agree(Authority), agree(Association)}, Accepted},
		{[]Said{agree(Coordination)}, Accepted},
		{[]Said{agree(Authority), {Seat: Association, Act: Refuse}}, Refused},
		{[]Said{{Seat: Own, Act: Object}, agree(Authority), agree(Association)}, Waiting},
		{[]Said{{Seat: Own, Act: Object}, agree(Coordination)}, Accepted},
		{[]Said{{Seat: Own, Act: Object}, {Seat: Coordination, Act: Refuse}}, Refused},
	} {
		if got := Outcome(c.said); got != c.want {
			t.Errorf("%v: %s, want %s", c.said, got, c.want)
		}
	}
}

func TestNarrowest(t *testing.T) {
	one := Said{Seat: Authority, Act: Agree, Scopes: []people.Scope{people.Speak, people.Edit}, Ends: 90}
	two := Said{Seat: Association, Act: Agree, Scopes: []people.Scope{people.Edit, people.Vote}, Ends: 70}
	all := Said{Seat: Coordination, Act: Agree, Scopes: []people.Scope{people.Sign}, Ends: 100}
	for _, c := range []struct {
		said   []Said
		scopes []people.Scope
		ends   db.Instant
	}{
		{[]Said{one}, []people.Scope{people.Speak, people.Edit}, 90},
		{[]Said{one, two}, []people.Scope{people.Edit}, 70},
		{[]Said{one, {Seat: Own, Act: Object}, all}, []people.Scope{people.Sign}, 100},
	} {
		if scopes, ends := Narrowest(c.said); !slices.Equal(scopes, c.scopes) || ends != c.ends {
			t.Errorf("%v: %v until %d", c.said, scopes, ends)
		}
	}
}

func TestSameSite(t *testing.T) {
	for _, c := range []struct {
		email, site string
		want        bool
	}{
		{"anna@oriane.example.org", "https://www.oriane.example.org/contact", true}, {"anna@ORIANE.example.org", "http://oriane.example.org", true},
		{"anna@example.org", "https://oriane.example.org", false}, {"anna@oriane.example.org.evil.org", "https://oriane.example.org", false},
		{"anna@oriane.example.org", "", false}, {"nobody", "https://oriane.example.org", false}, {"a@b.org", "://", false},
	} {
		if got := SameSite(c.email, c.site); got != c.want {
			t.Errorf("%s and %s: %v", c.email, c.site, got)
		}
	}
}
