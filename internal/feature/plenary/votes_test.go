package plenary

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"alliance/internal/feature"
	"alliance/internal/feature/plenary/ballot"
	"alliance/internal/housetest/dbtest"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/id"
	"alliance/internal/platform/job"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/notice"
	"alliance/internal/platform/people"
	"alliance/internal/platform/search"
)

var schemas = []fs.FS{people.Schema, journal.Schema, alliance.Schema, search.Schema, job.Schema, notice.Schema, entry.Schema, lineage.Schema, schema}

// hall is a plenary with organisations and delegates, and a clock that stands.
type hall struct {
	t        *testing.T
	p        *Plenary
	d        *db.DB
	assembly string
	chair    people.Actor
	now      db.Instant
	mu       sync.Mutex
	members  []string
	adopted  []string
}

func (h *hall) clock() db.Instant { h.mu.Lock(); defer h.mu.Unlock(); return h.now }
func (h *hall) at(i db.Instant)   { h.mu.Lock(); defer h.mu.Unlock(); h.now = i }

// inHall runs a test on both engines in a hall with n organisations a college.
func inHall(t *testing.T, n int, test func(h *hall)) {
	dbtest.Both(t, schemas, func(t *testing.T, d *db.DB) {
		h := &hall{t: t, d: d, now: 1_600_000_000_000_000}
		d.Now = h.clock
		h.p = &Plenary{House: &feature.House{DB: d}, asks: Asks{
			Registered: func(context.Context, db.Q, string) ([]string, error) { return h.members, nil },
			Present:    func(context.Context, db.Q, string) ([]string, error) { return h.members, nil },
			Proposals:  func(context.Context, db.Q, string) ([]entry.Entry, error) { return nil, nil },
			Adopt: func(ctx context.Context, tx *db.Tx, a people.Actor, assembly, class, motion, lang string, fields map[string]lang.Text, from []string) (string, error) {
				tx.After(func() { h.adopted = append(h.adopted, motion) })
				return id.New(), nil
			},
		}}
		dbtest.Do(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := alliance.Save(ctx, tx, people.Actor{}, alliance.Alliance{Name: lang.New("fr", "Essai"), Languages: []string{"fr"}, Reply: 7, Small: 5, Colleges: []alliance.College{
				{ID: "authorities", Name: lang.New("fr", "Autorités"), Kinds: []people.OrganisationKind{people.LocalAuthority}},
				{ID: "civil_society", Name: lang.New("fr", "Société civile"), Kinds: []people.OrganisationKind{people.CivilSociety}},
				{ID: "migrant_led", Name: lang.New("fr", "Migrants"), Kinds: []people.OrganisationKind{people.MigrantLed}},
			}})
			if err != nil {
				return err
			}
			e, err := entry.Add(ctx, tx, people.Actor{}, entry.Entry{Kind: "assembly", Lang: "fr", Fields: map[string]lang.Text{"title": lang.New("fr", "Rencontre")}}, nil)
			h.assembly = e.ID
			return err
		})
		h.chair = people.Actor{Person: h.person("Chair"), Grants: []people.Grant{{Role: people.Chair, Scope: h.assembly}}}
		for i := range n {
			for _, k := range []people.OrganisationKind{people.LocalAuthority, people.CivilSociety, people.MigrantLed} {
				h.member(fmt.Sprint(k, i), k)
			}
		}
		test(h)
	})
}

func (h *hall) person(name string) string {
	h.t.Helper()
	var p people.Person
	dbtest.Do(h.t, h.d, func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = people.AddPerson(ctx, tx, people.Person{Name: name, Email: id.New() + "@example.org", Lang: "fr"})
		return err
	})
	return p.ID
}

func (h *hall) member(name string, kind people.OrganisationKind) string {
	h.t.Helper()
	o := people.Organisation{ID: id.New(), Kind: kind, Name: name}
	dbtest.Do(h.t, h.d, func(ctx context.Context, tx *db.Tx) error { return people.PutOrganisation(ctx, tx, o) })
	h.members = append(h.members, o.ID)
	return o.ID
}

// delegate gives an actor with a mandate to vote and speak.
func (h *hall) delegate(organisation string) people.Actor {
	h.t.Helper()
	person := h.person("Delegate")
	var m people.Mandate
	dbtest.Do(h.t, h.d, func(ctx context.Context, tx *db.Tx) (err error) {
		m, err = people.AddMandate(ctx, tx, people.Mandate{Organisation: organisation, Person: person, Vote: true, Speak: true})
		return err
	})
	a, err := people.ActorOf(context.Background(), h.d, person, m.ID, h.clock())
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

func (h *hall) motion(secret, revisable bool, minutes int) string {
	h.t.Helper()
	var e entry.Entry
	dbtest.Do(h.t, h.d, func(ctx context.Context, tx *db.Tx) (err error) {
		if e, err = h.p.Put(ctx, tx, h.chair, NewMotion{Assembly: h.assembly, Lang: "fr", Title: "Une motion", Summary: "Nous agissons.", Secret: secret, Revisable: revisable}); err != nil {
			return err
		}
		return nil
	})
	dbtest.Do(h.t, h.d, func(ctx context.Context, tx *db.Tx) error { return h.p.Begin(ctx, tx, h.chair, e.ID, minutes) })
	return e.ID
}

func (h *hall) cast(a people.Actor, motion, choice string) error {
	return h.d.Do(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, err := h.p.Cast(ctx, tx, a, motion, choice)
		return err
	})
}

func (h *hall) close(motion string) ballot.Result {
	h.t.Helper()
	dbtest.Do(h.t, h.d, func(ctx context.Context, tx *db.Tx) error { return h.p.Close(ctx, tx, h.chair, motion) })
	return h.result(motion)
}

func (h *hall) result(motion string) ballot.Result {
	h.t.Helper()
	m, err := motionByID(context.Background(), h.d, motion)
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := ballot.ParseResult([]byte(m.Result))
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func TestAdoptedByAllColleges(t *testing.T) {
	inHall(t, 2, func(h *hall) {
		motion := h.motion(false, false, 0)
		for i, o := range h.members {
			choice := ballot.For
			if i == 0 {
				choice = ballot.Abstain
			}
			if err := h.cast(h.delegate(o), motion, choice); err != nil {
				h.t.Fatal(err)
			}
		}
		h.at(h.clock() + 1) // the closing instant itself is late
		r := h.close(motion)
		if !r.Adopted || r.Counted != 6 || len(h.adopted) != 1 {
			h.t.Errorf("%s, %d counted, adopted %v", r.Outcome, r.Counted, h.adopted)
		}
		// The exported file counts to the same bytes, for ever.
		file, err := fileOf(context.Background(), h.d, motion)
		if err != nil {
			h.t.Fatal(err)
		}
		var again bytes.Buffer
		if err := ballot.CountFile(strings.NewReader(file), &again); err != nil {
			h.t.Fatal(err)
		}
		kept, _ := r.Bytes()
		if again.String() != string(kept) {
			h.t.Errorf("counted again:\n%s\nkept:\n%s", again.String(), kept)
		}
	})
}

func TestOneCollegeAgainst(t *testing.T) {
	inHall(t, 2, func(h *hall) {
		motion := h.motion(false, false, 0)
		for i, o := range h.members {
			choice := ballot.For
			if i%3 == 2 { // the migrant-led say no, though the total is for
				choice = ballot.Against
			}
			if err := h.cast(h.delegate(o), motion, choice); err != nil {
				h.t.Fatal(err)
			}
		}
		h.at(h.clock() + 1)
		if r := h.close(motion); r.Outcome != ballot.Rejected || len(h.adopted) != 0 {
			h.t.Errorf("%s", r.Outcome)
		}
	})
}

// Two delegates of one organisation at once: one counts, the other is told.
func TestTwoDelegatesAtOnce(t *testing.T) {
	for _, secret := range []bool{false, true} {
		t.Run(fmt.Sprint("secret=", secret), func(t *testing.T) {
			inHall(t, 1, func(h *hall) {
				motion := h.motion(secret, false, 0)
				choices := []string{ballot.For, ballot.Against}
				delegates := []people.Actor{h.delegate(h.members[0]), h.delegate(h.members[0])}
				errs := make([]error, 2)
				var wait sync.WaitGroup
				for i := range errs {
					wait.Add(1)
					go func() { defer wait.Done(); errs[i] = h.cast(delegates[i], motion, choices[i]) }()
				}
				wait.Wait()
				if (errs[0] == nil) == (errs[1] == nil) {
					h.t.Fatalf("one of two should count: %v", errs)
				}
				for _, err := range errs {
					if err != nil && !fault.Is(err, fault.KindConflict) {
						h.t.Errorf("the second is told otherwise: %v", err)
					}
				}
				h.at(h.clock() + 1)
				if r := h.close(motion); r.Counted != 1 {
					h.t.Errorf("%d ballots counted", r.Counted)
				}
			})
		})
	}
}

func TestTheLastCountsWhereVotesMayChange(t *testing.T) {
	inHall(t, 1, func(h *hall) {
		motion := h.motion(false, true, 0)
		a, b := h.delegate(h.members[0]), h.delegate(h.members[0])
		for _, v := range []struct {
			a      people.Actor
			choice string
		}{{a, ballot.Against}, {b, ballot.For}} {
			if err := h.cast(v.a, motion, v.choice); err != nil {
				h.t.Fatal(err)
			}
		}
		h.at(h.clock() + 1)
		r := h.close(motion)
		if r.Total.Figures.For != 1 || r.Total.Figures.Against != 0 {
			h.t.Errorf("%+v", r.Total.Figures)
		}
	})
}

func TestTheClosingInstantIsLate(t *testing.T) {
	inHall(t, 1, func(h *hall) {
		motion := h.motion(false, false, 1)
		closes := h.clock().Add(time.Minute)
		first, second := h.delegate(h.members[0]), h.delegate(h.members[1])
		h.at(closes - 1)
		if err := h.cast(first, motion, ballot.For); err != nil {
			h.t.Errorf("a microsecond before: %v", err)
		}
		h.at(closes)
		if err := h.cast(second, motion, ballot.For); !fault.Is(err, fault.KindConflict) {
			h.t.Errorf("at the closing instant: %v", err)
		}
		r := job.NewRunner(h.d)
		h.p.work(r)
		if err := r.Drain(context.Background()); err != nil {
			h.t.Fatal(err)
		}
		if got := h.result(motion); got.Counted != 1 {
			h.t.Errorf("closed by itself: %d counted", got.Counted)
		}
	})
}

// Votes come in while the chair closes: each is counted or refused, none lost.
func TestVotesWhileClosing(t *testing.T) {
	inHall(t, 8, func(h *hall) {
		motion := h.motion(false, false, 0)
		delegates := make([]people.Actor, len(h.members))
		for i, o := range h.members {
			delegates[i] = h.delegate(o)
		}
		base := h.clock()
		var ticks db.Instant
		var mu sync.Mutex
		h.d.Now = func() db.Instant { mu.Lock(); defer mu.Unlock(); ticks++; return base + ticks }
		errs := make([]error, len(delegates))
		var wait sync.WaitGroup
		for i := range delegates {
			wait.Add(1)
			go func() { defer wait.Done(); errs[i] = h.cast(delegates[i], motion, ballot.For) }()
		}
		wait.Add(1)
		go func() {
			defer wait.Done()
			h.d.Do(context.Background(), func(ctx context.Context, tx *db.Tx) error { return h.p.Close(ctx, tx, h.chair, motion) })
		}()
		wait.Wait()
		acknowledged := 0
		for _, err := range errs {
			if err == nil {
				acknowledged++
			} else if !fault.Is(err, fault.KindConflict) {
				h.t.Errorf("refused otherwise: %v", err)
			}
		}
		if r := h.result(motion); r.Counted != acknowledged {
			h.t.Errorf("%d acknowledged, %d counted, %v", acknowledged, r.Counted, r.SetAside)
		}
	})
}

func TestNoVoteWithoutMandateOrSeat(t *testing.T) {
	inHall(t, 1, func(h *hall) {
		network := people.Organisation{ID: id.New(), Kind: people.Network, Name: "Réseau"}
		dbtest.Do(h.t, h.d, func(ctx context.Context, tx *db.Tx) error { return people.PutOrganisation(ctx, tx, network) })
		h.members = append(h.members, network.ID) // registered, with a voice and no vote
		motion := h.motion(false, false, 0)
		if err := h.cast(people.Actor{Person: "somebody"}, motion, ballot.For); !fault.Is(err, fault.KindForbidden) {
			h.t.Errorf("without a mandate: %v", err)
		}
		if err := h.cast(h.delegate(network.ID), motion, ballot.For); !fault.Is(err, fault.KindForbidden) {
			h.t.Errorf("voice without vote: %v", err)
		}
		late := h.member("Newcomer", people.CivilSociety)
		if err := h.cast(h.delegate(late), motion, ballot.For); !fault.Is(err, fault.KindForbidden) {
			h.t.Errorf("the roll is frozen: %v", err)
		}
		a := h.delegate(h.members[0])
		a.Mandate.Ended = h.clock()
		if err := h.cast(a, motion, ballot.For); !fault.Is(err, fault.KindForbidden) {
			h.t.Errorf("an ended mandate: %v", err)
		}
		if err := h.cast(h.delegate(h.members[0]), motion, "perhaps"); !fault.Is(err, fault.KindInvalid) {
			h.t.Errorf("an unknown choice: %v", err)
		}
	})
}

// A secret ballot leaves no trace to its voter, in any column of any table.
func TestSecretBallotsNameNobody(t *testing.T) {
	inHall(t, 2, func(h *hall) {
		motion := h.motion(true, true, 0)
		voter := h.delegate(h.members[0])
		if err := h.cast(voter, motion, ballot.For); err != nil {
			h.t.Fatal(err)
		}
		ballots, err := ballotsOf(context.Background(), h.d, motion)
		if err != nil || len(ballots) != 1 {
			h.t.Fatal(err, len(ballots))
		}
		b := ballots[0]
		if b.Voter != "" || b.Mandate != "" || b.At != 0 || b.College != "authorities" {
			h.t.Errorf("%+v", b)
		}
		lines, err := journal.List(context.Background(), h.d, journal.Filter{Person: voter.Person})
		if err != nil || len(lines) != 0 {
			h.t.Errorf("the journal tells of a secret vote: %+v %v", lines, err)
		}
		h.at(h.clock() + 1)
		r := h.close(motion)
		for _, c := range r.Public().Colleges {
			if c.Figures != nil && c.Figures.Voters > 0 {
				h.t.Errorf("a small college shows: %+v", c)
			}
		}
	})
}

func TestPapers(t *testing.T) {
	inHall(t, 2, func(h *hall) {
		motion := h.motion(false, false, 0)
		enter := func(p Papers) error {
			return h.d.Do(context.Background(), func(ctx context.Context, tx *db.Tx) error { return h.p.Enter(ctx, tx, h.chair, motion, p) })
		}
		if err := h.cast(h.delegate(h.members[0]), motion, ballot.For); err != nil {
			h.t.Fatal(err)
		}
		if err := enter(Papers{HandedOut: 1, Votes: map[string]string{h.members[0]: ballot.Against}}); !fault.Is(err, fault.KindConflict) {
			h.t.Errorf("a paper beside a vote: %v", err)
		}
		if err := enter(Papers{HandedOut: 1, Votes: map[string]string{h.members[1]: ballot.For, h.members[2]: ballot.For}}); !fault.Is(err, fault.KindInvalid) {
			h.t.Errorf("more papers than handed out: %v", err)
		}
		if err := enter(Papers{HandedOut: 3, Spoilt: 1, Votes: map[string]string{h.members[1]: ballot.For, h.members[2]: ballot.For}}); err != nil {
			h.t.Fatal(err)
		}
		if err := h.cast(h.delegate(h.members[1]), motion, ballot.Against); !fault.Is(err, fault.KindConflict) {
			h.t.Errorf("a vote beside a paper: %v", err)
		}
		h.at(h.clock() + 1)
		if r := h.close(motion); r.Counted != 3 || r.Papers == nil || r.Papers.Spoilt != 1 {
			h.t.Errorf("%d counted, %+v", r.Counted, r.Papers)
		}
	})
}

func TestAmendments(t *testing.T) {
	inHall(t, 1, func(h *hall) {
		var motion entry.Entry
		dbtest.Do(h.t, h.d, func(ctx context.Context, tx *db.Tx) (err error) {
			motion, err = h.p.Put(ctx, tx, h.chair, NewMotion{Assembly: h.assembly, Lang: "fr", Title: "Motion", Summary: "Premiers mots."})
			return err
		})
		var first, second entry.Entry
		a, b := h.delegate(h.members[0]), h.delegate(h.members[1])
		dbtest.Do(h.t, h.d, func(ctx context.Context, tx *db.Tx) (err error) {
			if first, err = h.p.Amend(ctx, tx, a, motion.ID, "summary", "Autres mots.", "plus clair"); err != nil {
				return err
			}
			second, err = h.p.Amend(ctx, tx, b, motion.ID, "summary", "Encore d’autres.", "")
			return err
		})
		settle := func(x string) error {
			return h.d.Do(context.Background(), func(ctx context.Context, tx *db.Tx) error {
				_, err := h.p.Settle(ctx, tx, h.chair, x, true)
				return err
			})
		}
		if err := settle(first.ID); err != nil {
			h.t.Fatal(err)
		}
		if err := settle(second.ID); !fault.Is(err, fault.KindConflict) {
			h.t.Errorf("written against words that changed: %v", err)
		}
		now, _ := entry.Get(context.Background(), h.d, motion.ID)
		if now.Text(entry.Summary).Original() != "Autres mots." {
			h.t.Errorf("the motion says %q", now.Text(entry.Summary).Original())
		}
	})
}
