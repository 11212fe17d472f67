package ballot

// tally adds up one college.
type tally struct {
	id string
	Figures
	signed    int // secret: voices of those who signed
	approvals []int
	sums      []int64
	spread    [][]int // option → score → voices
}

func newTally(id string, f File) *tally {
	t := &tally{id: id, approvals: make([]int, len(f.Options)), sums: make([]int64, len(f.Options))}
	for range f.Options {
		t.spread = append(t.spread, make([]int, f.Rule.Scale()+1))
	}
	return t
}

func (t *tally) add(b Ballot, voices int, options map[string]int) {
	t.Cast += voices
	switch {
	case b.Choice == For:
		t.For += voices
	case b.Choice == Against:
		t.Against += voices
	case b.Choice == Abstain:
		t.Abstain += voices
		return
	case len(b.Approve) == 0 && len(b.Scores) == 0:
		t.Blank += voices
		return
	}
	t.Expressed += voices
	for _, id := range b.Approve {
		t.approvals[options[id]] += voices
	}
	for _, s := range b.Scores {
		t.sums[options[s.Option]] += int64(s.Score) * int64(voices)
		t.spread[options[s.Option]][s.Score] += voices
	}
}

func (t *tally) shown(f File) Tally {
	figures := t.Figures
	for i, o := range f.Options {
		of := OptionFigures{Option: o.ID}
		if f.Rule.Style() == Approving {
			of.Approvals = t.approvals[i]
		} else {
			of.Sum, of.Mean, of.Median = t.sums[i], t.mean(i).String(), t.median(i).String()
		}
		figures.Options = append(figures.Options, of)
	}
	return Tally{College: t.id, Figures: &figures}
}

// mean score of an option over the ballots that score; one left out scores 0.
func (t *tally) mean(option int) Fraction {
	if t.Expressed == 0 {
		return Frac(0, 1)
	}
	return Frac(t.sums[option], int64(t.Expressed))
}

// median score, weighted by voices; between two middle scores, half way.
func (t *tally) median(option int) Fraction {
	if t.Expressed == 0 {
		return Frac(0, 1)
	}
	return Frac(t.rank(option, (t.Expressed-1)/2)+t.rank(option, t.Expressed/2), 2)
}

// rank is the score at a place, from 0, of all scores in ascending order.
func (t *tally) rank(option, place int) int64 {
	given := 0
	for _, n := range t.spread[option] {
		given += n
	}
	under := t.Expressed - given // ballots that left the option out: 0
	for score, n := range t.spread[option] {
		if under += n; under > place {
			return int64(score)
		}
	}
	return 0
}
