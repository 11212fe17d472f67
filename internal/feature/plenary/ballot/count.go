package ballot

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Count counts one vote. The error says why a file cannot be counted at all;
// every doubtful vote in a readable file is set aside and told in the result.
func Count(f File) (Result, error) {
	if err := f.Check(); err != nil {
		return Result{}, err
	}
	digest, err := f.digest()
	if err != nil {
		return Result{}, err
	}
	f = f.sorted()
	c := &count{file: f, style: f.Rule.Style(), scale: f.Rule.Scale(), rolls: map[string]*tally{}, total: newTally("", f)}
	c.roll()
	c.papers()
	c.box()
	c.signatures()
	c.objections()
	r := Result{Format: ResultFormat, Input: digest, Motion: f.Motion, Title: f.Title, Lang: f.Lang, Rule: f.Rule, Secret: f.Secret,
		Colleges: []Tally{}, Given: len(f.Ballots), Counted: len(f.Ballots) - len(c.aside), SetAside: c.aside, Papers: c.sheet}
	if f.Secret {
		r.Small = max(least, f.Small)
	}
	verdicts := c.node("0", f.Rule.Root)
	c.conclude(&r, verdicts)
	for _, id := range c.colleges() {
		r.Colleges = append(r.Colleges, c.rolls[id].shown(f))
	}
	r.Total = c.total.shown(f)
	r.Trace = c.trace
	return r, nil
}

// CountFile reads a file and writes its result with a newline: what
// `alliance count FILE` does.
func CountFile(r io.Reader, w io.Writer) error {
	f, err := Parse(r)
	if err != nil {
		return err
	}
	result, err := Count(f)
	if err != nil {
		return err
	}
	b, err := result.Bytes()
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// Bytes is the result in its one form, with a final newline.
func (r Result) Bytes() ([]byte, error) {
	b, err := Canonical(r)
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}

// ParseResult reads a result that was stored.
func ParseResult(b []byte) (Result, error) {
	var r Result
	if err := strict(b, &r); err != nil {
		return Result{}, fmt.Errorf("ballot: the result cannot be read: %w", err)
	}
	if r.Format != ResultFormat {
		return Result{}, fmt.Errorf("ballot: the format is %.40q, not %q", r.Format, ResultFormat)
	}
	return r, nil
}

// count is the work in progress.
type count struct {
	file   File
	voters map[string]*seat
	style  Style
	scale  int
	rolls  map[string]*tally // by college
	total  *tally
	aside  []SetAsideBallot
	sheet  *Papers
	void   bool
	trace  []Step
}

type seat struct {
	Voter
	present, voted bool
}

func (c *count) college(id string) *tally {
	if id == "" {
		return c.total
	}
	t, there := c.rolls[id]
	if !there {
		t = newTally(id, c.file)
		c.rolls[id] = t
	}
	return t
}

func (c *count) colleges() []string {
	ids := make([]string, 0, len(c.rolls))
	for id := range c.rolls {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// roll seats everybody, and makes a tally for each college that the rule or
// the roll names.
func (c *count) roll() {
	c.voters = make(map[string]*seat, len(c.file.Roll))
	for _, n := range c.file.Rule.Leaves() {
		c.college(n.College)
	}
	for _, v := range c.file.Roll {
		s := &seat{Voter: v}
		c.voters[v.ID] = s
		for _, t := range []*tally{c.college(v.College), c.total} {
			t.Organisations++
			t.Roll += v.Voices
			if v.Voted {
				t.signed += v.Voices
			}
		}
		if v.Voted {
			c.votes(s)
		}
		if v.Present {
			c.arrives(s)
		}
	}
}

func (c *count) arrives(s *seat) {
	if s.present {
		return
	}
	s.present = true
	c.college(s.College).Present += s.Voices
	c.total.Present += s.Voices
}

func (c *count) votes(s *seat) {
	if s.voted {
		return
	}
	s.voted = true
	c.college(s.College).Voters++
	c.total.Voters++
	c.arrives(s)
}

// papers reconciles the batches. More papers than were handed out, or a sheet
// that does not agree with what was typed in, and the vote is void: nobody can
// say which paper is the one too many.
func (c *count) papers() {
	if len(c.file.Batches) == 0 {
		return
	}
	typed := map[string]int{}
	for _, b := range c.file.Ballots {
		typed[b.Batch]++
	}
	c.sheet = &Papers{}
	var wrong []Step
	for _, b := range c.file.Batches {
		c.sheet.HandedOut += b.HandedOut
		c.sheet.Entered += b.Entered
		c.sheet.Spoilt += b.Spoilt
		back := b.Entered + b.Spoilt
		if back > b.HandedOut {
			wrong = append(wrong, Step{Code: CodePapersOver, Batch: b.ID, Got: &back, Of: new(b.HandedOut)})
		} else {
			c.sheet.Missing += b.HandedOut - back
		}
		if typed[b.ID] != b.Entered {
			wrong = append(wrong, Step{Code: CodePapersLost, Batch: b.ID, Got: new(typed[b.ID]), Of: new(b.Entered)})
		}
	}
	c.say(Step{Code: CodePapers, Got: new(c.sheet.Entered + c.sheet.Spoilt), Of: new(c.sheet.HandedOut)})
	c.trace = append(c.trace, wrong...)
	c.void = c.void || len(wrong) > 0
}

// box opens the ballots: what cannot count goes first, then one is kept for
// each voter, so that an unreadable or late vote never cancels a good one.
func (c *count) box() {
	kept := map[string]Ballot{}
	reasons := map[string]int{}
	refuse := func(b Ballot, reason string) {
		c.aside = append(c.aside, SetAsideBallot{b.ID, b.Turn, reason})
		reasons[reason]++
	}
	options := map[string]int{}
	for i, o := range c.file.Options {
		options[o.ID] = i
	}
	for _, b := range c.file.Ballots {
		if reason := c.refused(b, options); reason != "" {
			refuse(b, reason)
			continue
		}
		key := b.Voter
		if c.file.Secret {
			key = b.ID
		}
		before, there := kept[key]
		switch {
		case !there:
			kept[key] = b
		case c.file.Revisable && before.before(b):
			refuse(before, Replaced)
			kept[key] = b
		case c.file.Revisable:
			refuse(b, Replaced)
		case b.before(before):
			refuse(before, Twice)
			kept[key] = b
		default:
			refuse(b, Twice)
		}
	}
	for _, b := range kept { // sums do not depend on the order
		c.add(b, options)
	}
	slices.SortFunc(c.aside, func(a, b SetAsideBallot) int {
		if d := strings.Compare(a.Ballot, b.Ballot); d != 0 {
			return d
		}
		return a.Turn - b.Turn
	})
	c.say(Step{Code: CodeBallots, Got: new(len(kept)), Of: new(len(c.file.Ballots))})
	for _, reason := range []string{Early, Late, Twice, Replaced, NotOnRoll, UnknownCollege, MandateEnded, OtherMandate, UnknownChoice} {
		if n := reasons[reason]; n > 0 {
			c.say(Step{Code: CodeSetAside, Reason: reason, Got: &n})
		}
	}
}

// before orders two ballots of one voter: by time, turn, identifier.
func (b Ballot) before(other Ballot) bool {
	switch {
	case b.At != other.At:
		return b.At < other.At
	case b.Turn != other.Turn:
		return b.Turn < other.Turn
	}
	return b.ID < other.ID
}

// refused gives the reason a ballot cannot count; "" when it can.
func (c *count) refused(b Ballot, options map[string]int) string {
	if c.file.Secret {
		if t := c.rolls[b.College]; t == nil || t.Organisations == 0 {
			return UnknownCollege
		}
	} else {
		v := c.voters[b.Voter]
		switch {
		case v == nil:
			return NotOnRoll
		case b.Mandate != "" && b.Mandate != v.Mandate:
			return OtherMandate
		case v.Until > 0 && b.At >= v.Until:
			return MandateEnded
		case b.At < c.file.Opened:
			return Early
		case b.At >= c.file.Closed:
			return Late
		}
	}
	if !c.readable(b, options) {
		return UnknownChoice
	}
	return ""
}

// readable tells whether the ballot says something the rule's style knows.
func (c *count) readable(b Ballot, options map[string]int) bool {
	bare := len(b.Approve) == 0 && len(b.Scores) == 0
	style := c.style
	if style == Choosing {
		return bare && (b.Choice == For || b.Choice == Against || b.Choice == Abstain || b.Choice == Blank)
	}
	if b.Choice != "" {
		return bare && (b.Choice == Abstain || b.Choice == Blank)
	}
	if style == Approving && len(b.Scores) > 0 || style == Rating && len(b.Approve) > 0 {
		return false
	}
	seen := map[string]bool{}
	names := slices.Clone(b.Approve)
	for _, s := range b.Scores {
		if s.Score < 0 || s.Score > c.scale {
			return false
		}
		names = append(names, s.Option)
	}
	for _, id := range names {
		if _, known := options[id]; !known || seen[id] {
			return false
		}
		seen[id] = true
	}
	return true
}

// add counts one kept ballot in its college and in the total.
func (c *count) add(b Ballot, options map[string]int) {
	college, voices := b.College, 1
	if !c.file.Secret {
		v := c.voters[b.Voter]
		college, voices = v.College, v.Voices
		c.votes(v)
	}
	for _, t := range []*tally{c.college(college), c.total} {
		t.add(b, voices, options)
	}
}

// signatures compares a secret box with the roll that was signed: more ballots
// than signatures make the vote void, fewer are told.
func (c *count) signatures() {
	if !c.file.Secret {
		return
	}
	for _, id := range c.colleges() {
		t := c.rolls[id]
		if t.Cast > t.signed {
			c.void = true
			c.say(Step{Code: CodeOverVoters, College: id, Got: new(t.Cast), Of: new(t.signed)})
		} else if t.Cast < t.signed {
			c.say(Step{Code: CodeUnderVoters, College: id, Got: new(t.Cast), Of: new(t.signed)})
		}
	}
}

// objections: who raised one took part, and so is present.
func (c *count) objections() {
	for _, o := range c.file.Objections {
		if v := c.voters[o.Voter]; v != nil && o.At < c.file.Closed && (v.Until == 0 || o.At < v.Until) {
			c.arrives(v)
		}
	}
}

func (c *count) say(s Step) { c.trace = append(c.trace, s) }
