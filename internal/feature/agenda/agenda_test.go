package agenda_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"alliance/internal/feature/agenda"
	"alliance/internal/platform/db"
	"alliance/internal/platform/people"
)

const (
	yes    = db.Instant(1)
	never  = db.Instant(0)
	city   = people.LocalAuthority
	group  = people.CivilSociety
	exiles = people.MigrantLed
)

func TestJoint(t *testing.T) {
	type side struct {
		kind      people.OrganisationKind
		confirmed db.Instant
		declined  db.Instant
	}
	for name, c := range map[string]struct {
		sides     []side
		confirmed bool
		want      string
	}{
		"nobody":                          {nil, false, "agenda.joint.nobody"},
		"an authority alone":              {[]side{{city, yes, never}}, false, "agenda.joint.no-society"},
		"two authorities":                 {[]side{{city, yes, never}, {city, yes, never}}, false, "agenda.joint.no-society"},
		"civil society alone":             {[]side{{group, yes, never}}, false, "agenda.joint.no-authority"},
		"both kinds of society":           {[]side{{group, yes, never}, {exiles, yes, never}}, false, "agenda.joint.no-authority"},
		"authority and civil society":     {[]side{{city, never, never}, {group, never, never}}, false, ""},
		"authority and migrant-led":       {[]side{{city, never, never}, {exiles, never, never}}, false, ""},
		"asked is not a yes":              {[]side{{city, yes, never}, {group, never, never}}, true, "agenda.joint.no-society"},
		"nobody said yes":                 {[]side{{city, never, never}, {group, never, never}}, true, "agenda.joint.nobody"},
		"both said yes":                   {[]side{{city, yes, never}, {group, yes, never}}, true, ""},
		"a yes of one of several is both": {[]side{{city, yes, never}, {group, never, never}, {exiles, yes, never}}, true, ""},
		"who declined does not count":     {[]side{{city, yes, never}, {group, never, yes}}, false, "agenda.joint.no-society"},
		"other kinds do not make a side":  {[]side{{city, yes, never}, {people.Academia, yes, never}}, true, "agenda.joint.no-society"},
	} {
		var carriers []agenda.Carrier
		for _, s := range c.sides {
			carriers = append(carriers, agenda.Carrier{Kind: s.kind, Confirmed: s.confirmed, Declined: s.declined})
		}
		got := ""
		if f := agenda.Joint(carriers, c.confirmed); f != nil {
			got = f.Key
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Whoever joins or says yes never makes an action less joint; whoever leaves
// never makes it more.
func TestJointIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		carriers := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) agenda.Carrier {
			c := agenda.Carrier{Kind: rapid.SampledFrom([]people.OrganisationKind{city, group, exiles, people.Network}).Draw(t, "kind")}
			if rapid.Bool().Draw(t, "yes") {
				c.Confirmed = yes
			}
			return c
		}), 1, 6).Draw(t, "carriers")
		before := agenda.Joint(carriers, true) == nil
		n := rapid.IntRange(0, len(carriers)-1).Draw(t, "who")
		up, down := append([]agenda.Carrier(nil), carriers...), append([]agenda.Carrier(nil), carriers...)
		up[n].Confirmed, down[n].Confirmed, down[n].Declined = yes, never, yes
		if before && agenda.Joint(up, true) != nil {
			t.Fatal("a yes broke it")
		}
		if !before && agenda.Joint(down, true) == nil {
			t.Fatal("a no made it")
		}
	})
}

func TestMayAnnounce(t *testing.T) {
	may := map[[2]agenda.Step]bool{
		{agenda.Pledged, agenda.UnderWay}: true, {agenda.Pledged, agenda.Done}: true,
		{agenda.UnderWay, agenda.Done}: true, {agenda.Done, agenda.UnderWay}: true,
	}
	all := append([]agenda.Step{agenda.Dropped}, agenda.Steps...)
	for _, from := range all {
		for _, to := range all {
			if got := agenda.MayAnnounce(from, to); got != may[[2]agenda.Step{from, to}] {
				t.Errorf("%s → %s: %v", from, to, got)
			}
		}
	}
}

func TestHealth(t *testing.T) {
	now := db.At(time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC))
	ago := func(d time.Duration) db.Instant { return now.Add(-d) }
	const d = 24 * time.Hour
	for name, c := range map[string]struct {
		a    agenda.Action
		want agenda.Health
	}{
		"fresh news":                     {agenda.Action{Step: agenda.UnderWay, Heard: ago(d)}, agenda.Moved},
		"silent just now":                {agenda.Action{Step: agenda.UnderWay, Heard: ago(agenda.SilentAfter + 1*time.Second)}, agenda.Silent},
		"on the last day it still moves": {agenda.Action{Step: agenda.UnderWay, Heard: ago(agenda.SilentAfter)}, agenda.Moved},
		"late":                           {agenda.Action{Step: agenda.Pledged, Heard: ago(d), Due: ago(time.Second)}, agenda.Late},
		"late is sharper than silent":    {agenda.Action{Step: agenda.Pledged, Heard: ago(300 * d), Due: ago(d)}, agenda.Late},
		"due now is not late":            {agenda.Action{Step: agenda.Pledged, Heard: ago(d), Due: now}, agenda.Moved},
		"waiting for a yes":              {agenda.Action{Step: agenda.Asked, Heard: ago(d)}, agenda.Waiting},
		"waiting too long is silent":     {agenda.Action{Step: agenda.Asked, Heard: ago(300 * d)}, agenda.Silent},
		"done late is done":              {agenda.Action{Step: agenda.Done, Heard: ago(300 * d), Due: ago(d)}, agenda.Ended},
		"verified":                       {agenda.Action{Step: agenda.Verified, Heard: ago(300 * d)}, agenda.Ended},
		"dropped":                        {agenda.Action{Step: agenda.Dropped, Heard: ago(300 * d), Due: ago(d)}, agenda.Stopped},
	} {
		if got := c.a.Health(now); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
