package ballot

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Parse reads a file strictly: what is unknown, twice, null, too large or
// contradicts itself is refused with an error that names the place. Doubtful
// votes are no errors; counting sets them aside.
func Parse(r io.Reader) (File, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return File{}, fmt.Errorf("ballot: %w", err)
	}
	if len(b) > MaxBytes {
		return File{}, fmt.Errorf("ballot: the file is larger than %d bytes", MaxBytes)
	}
	var f File
	if err := strict(b, &f); err != nil {
		return File{}, fmt.Errorf("ballot: the file cannot be read: %w", err)
	}
	return f, f.Check()
}

// Bytes is the file in its one form, with a final newline: lists sorted, so
// that the order in which the house read its tables leaves no mark. This is
// what is exported; its SHA-256 stands in the result.
func (f File) Bytes() ([]byte, error) {
	b, err := Canonical(f.sorted())
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}

func (f File) digest() (string, error) {
	b, err := f.Bytes()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// sorted copies the file with every list in one order. Options keep theirs: it
// is the order of the paper.
func (f File) sorted() File {
	f.Roll = slices.Clone(f.Roll)
	slices.SortFunc(f.Roll, func(a, b Voter) int { return strings.Compare(a.ID, b.ID) })
	f.Ballots = slices.Clone(f.Ballots)
	for i, b := range f.Ballots {
		f.Ballots[i].Approve = slices.Sorted(slices.Values(b.Approve))
		f.Ballots[i].Scores = slices.SortedFunc(slices.Values(b.Scores), func(a, b Score) int {
			if c := strings.Compare(a.Option, b.Option); c != 0 {
				return c
			}
			return a.Score - b.Score
		})
	}
	slices.SortFunc(f.Ballots, func(a, b Ballot) int {
		if c := strings.Compare(a.ID, b.ID); c != 0 {
			return c
		}
		return a.Turn - b.Turn
	})
	f.Batches = slices.Clone(f.Batches)
	slices.SortFunc(f.Batches, func(a, b Batch) int { return strings.Compare(a.ID, b.ID) })
	f.Objections = slices.Clone(f.Objections)
	slices.SortFunc(f.Objections, func(a, b Objection) int { return strings.Compare(a.ID, b.ID) })
	if f.Roll == nil {
		f.Roll = []Voter{}
	}
	if f.Ballots == nil {
		f.Ballots = []Ballot{}
	}
	return f
}

// Check finds what makes a file impossible to count at all.
func (f File) Check() error {
	switch {
	case f.Format != Format:
		return fmt.Errorf("ballot: the format is %.40q, not %q", f.Format, Format)
	case len(f.Roll) > MaxRoll || len(f.Ballots) > MaxBallots || len(f.Options) > MaxOptions || len(f.Batches) > MaxBatches || len(f.Objections) > maxObjected:
		return fmt.Errorf("ballot: the file has more entries than a count takes")
	case !instant(f.Opened) || !instant(f.Closed) || f.Closed <= f.Opened:
		return fmt.Errorf("ballot: the vote is not closed, or closes before it opens")
	case f.Small < 0 || f.Small > MaxRoll:
		return fmt.Errorf("ballot: small is out of bounds")
	}
	if err := first(code("motion", f.Motion), text("title", f.Title), text("lang", f.Lang)); err != nil {
		return err
	}
	if err := f.Rule.Validate(); err != nil {
		return fmt.Errorf("ballot: the rule: %w", err)
	}
	return first(f.checkOptions(), f.checkRoll(), f.checkBallots(), f.checkBatches(), f.checkObjections())
}

func (f File) checkOptions() error {
	if many := f.Rule.Style() != Choosing; many != (len(f.Options) > 0) {
		return fmt.Errorf("ballot: options go with rules of approval and score, and only with them")
	}
	seen := map[string]bool{}
	for i, o := range f.Options {
		at := fmt.Sprintf("options[%d]", i)
		if err := first(code(at+".id", o.ID), text(at+".title", o.Title), once(seen, at, o.ID)); err != nil {
			return err
		}
	}
	return nil
}

func (f File) checkRoll() error {
	seen := map[string]bool{}
	for i, v := range f.Roll {
		at := fmt.Sprintf("roll[%d]", i)
		if err := first(code(at+".id", v.ID), code(at+".college", v.College), maybe(at+".delegate", v.Delegate),
			maybe(at+".mandate", v.Mandate), once(seen, at, v.ID)); err != nil {
			return err
		}
		switch {
		case v.Voices < 1 || v.Voices > MaxVoices:
			return fmt.Errorf("ballot: %s.voices is not from 1 to %d", at, MaxVoices)
		case !instant(v.Until):
			return fmt.Errorf("ballot: %s.until is no instant", at)
		case v.Voted && !f.Secret:
			return fmt.Errorf("ballot: %s.voted belongs to a secret vote", at)
		}
	}
	return nil
}

func (f File) checkBallots() error {
	type key struct {
		id   string
		turn int
	}
	seen := make(map[key]bool, len(f.Ballots))
	batches := map[string]bool{}
	for _, b := range f.Batches {
		batches[b.ID] = true
	}
	for i, b := range f.Ballots {
		at := fmt.Sprintf("ballots[%d]", i)
		if err := first(code(at+".id", b.ID), maybe(at+".choice", b.Choice), maybe(at+".mandate", b.Mandate)); err != nil {
			return err
		}
		if k := (key{b.ID, b.Turn}); seen[k] || !f.Secret && seen[key{b.ID, -1}] {
			return fmt.Errorf("ballot: %s: %q is there twice", at, b.ID)
		} else {
			seen[k], seen[key{b.ID, -1}] = true, true
		}
		switch {
		case len(b.Approve) > MaxOptions || len(b.Scores) > MaxOptions:
			return fmt.Errorf("ballot: %s names too many options", at)
		case b.Turn < 0 || b.Turn > maxTerm:
			return fmt.Errorf("ballot: %s.turn is out of bounds", at)
		case b.Channel != Electronic && b.Channel != Paper:
			return fmt.Errorf("ballot: %s.channel is neither electronic nor paper", at)
		case b.Channel == Paper && !batches[b.Batch] || b.Channel == Electronic && b.Batch != "":
			return fmt.Errorf("ballot: %s: a paper, and only a paper, comes from a batch of the file", at)
		}
		if err := f.checkSecrecy(at, b); err != nil {
			return err
		}
	}
	return nil
}

// checkSecrecy refuses whatever in a secret file could tie a ballot to a voter.
func (f File) checkSecrecy(at string, b Ballot) error {
	if f.Secret {
		if b.Voter != "" || b.Mandate != "" || b.At != 0 {
			return fmt.Errorf("ballot: %s: a secret ballot carries no voter, mandate or time", at)
		}
		return code(at+".college", b.College)
	}
	if b.College != "" {
		return fmt.Errorf("ballot: %s: the college of an open ballot is that of the roll", at)
	}
	if !instant(b.At) {
		return fmt.Errorf("ballot: %s.at is no instant", at)
	}
	return code(at+".voter", b.Voter)
}

func (f File) checkBatches() error {
	seen := map[string]bool{}
	for i, b := range f.Batches {
		at := fmt.Sprintf("batches[%d]", i)
		if err := first(code(at+".id", b.ID), once(seen, at, b.ID)); err != nil {
			return err
		}
		for _, n := range []int{b.HandedOut, b.Entered, b.Spoilt} {
			if n < 0 || n > MaxPapers {
				return fmt.Errorf("ballot: %s: a number of papers is not from 0 to %d", at, MaxPapers)
			}
		}
	}
	return nil
}

func (f File) checkObjections() error {
	if len(f.Objections) > 0 && !f.Rule.Consents() {
		return fmt.Errorf("ballot: objections go with a rule of consent only")
	}
	if f.Secret && f.Rule.Consents() {
		return fmt.Errorf("ballot: consent cannot be secret: an objection has a reason and somebody who gives it")
	}
	seen := map[string]bool{}
	for i, o := range f.Objections {
		at := fmt.Sprintf("objections[%d]", i)
		if err := first(code(at+".id", o.ID), code(at+".voter", o.Voter), text(at+".reason", o.Reason), once(seen, at, o.ID)); err != nil {
			return err
		}
		if !instant(o.At) || !instant(o.Withdrawn) {
			return fmt.Errorf("ballot: %s: no instant", at)
		}
	}
	return nil
}

func instant(t int64) bool { return t >= 0 && t < maxInstant }

func code(at, s string) error {
	if s == "" {
		return fmt.Errorf("ballot: %s is missing", at)
	}
	return maybe(at, s)
}

func maybe(at, s string) error {
	if len(s) > maxID || !utf8.ValidString(s) {
		return fmt.Errorf("ballot: %s is longer than %d bytes or no text", at, maxID)
	}
	return nil
}

func text(at, s string) error {
	if len(s) > maxText || !utf8.ValidString(s) {
		return fmt.Errorf("ballot: %s is longer than %d bytes or no text", at, maxText)
	}
	return nil
}

func once(seen map[string]bool, at, id string) error {
	if seen[id] {
		return fmt.Errorf("ballot: %s: %q is there twice", at, id)
	}
	seen[id] = true
	return nil
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
