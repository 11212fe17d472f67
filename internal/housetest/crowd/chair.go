package crowd

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"alliance/internal/feature/plenary/ballot"
	"alliance/internal/platform/id"
)

func (h Hall) asChair(ctx context.Context, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	b := &booth{base: h.Base, client: &http.Client{Transport: h.Through}}
	res, answer, err := b.api(ctx, h.Chair, method, path, id.New(), body)
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("crowd: %s %s: %s %s", method, path, res.Status, answer)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// Open puts a motion to the vote and gives its identifier.
func (h Hall) Open(ctx context.Context, title string, secret bool) (motion string, err error) {
	var made struct{ ID string }
	if err := h.asChair(ctx, http.MethodPost, "/assemblies/"+h.Assembly+"/motions",
		map[string]any{"lang": "fr", "title": title, "summary": "Nous agissons ensemble.", "secret": secret}, &made); err != nil {
		return "", err
	}
	return made.ID, h.asChair(ctx, http.MethodPost, "/motions/"+made.ID+"/open", map[string]any{}, nil)
}

// Close closes it.
func (h Hall) Close(ctx context.Context, motion string) error {
	return h.asChair(ctx, http.MethodPost, "/motions/"+motion+"/close", nil, nil)
}

// Check compares what was acknowledged with what was counted, and gives a line
// for each difference.
func (h Hall) Check(ctx context.Context, motion string, told Told) (counted int, wrong []string, err error) {
	var raw json.RawMessage
	if err := h.asChair(ctx, http.MethodGet, "/motions/"+motion+"/ballots", nil, &raw); err != nil {
		return 0, nil, err
	}
	var f ballot.File
	if err := json.Unmarshal(raw, &f); err != nil {
		return 0, nil, err
	}
	result, err := ballot.Count(f)
	if err != nil {
		return 0, nil, err
	}
	if len(f.Ballots) != len(told.Acknowledged) || result.Counted != len(told.Acknowledged) {
		wrong = append(wrong, fmt.Sprintf("%d acknowledged, %d ballots in the file, %d counted", len(told.Acknowledged), len(f.Ballots), result.Counted))
	}
	signed := map[string]bool{}
	for _, v := range f.Roll {
		signed[v.ID] = v.Voted
	}
	choices, want := map[string]int{}, map[string]int{}
	in := map[string]string{}
	for _, b := range f.Ballots {
		choices[b.Choice]++
		if _, twice := in[b.Voter]; twice && !f.Secret {
			wrong = append(wrong, "doubled: "+b.Voter)
		}
		in[b.Voter] = b.Choice
	}
	for organisation, choice := range told.Acknowledged {
		want[choice]++
		switch {
		case f.Secret && !signed[organisation]:
			wrong = append(wrong, "acknowledged and not signed: "+organisation)
		case !f.Secret && in[organisation] != choice:
			wrong = append(wrong, fmt.Sprintf("%s was told %q, the file says %q", organisation, choice, in[organisation]))
		}
	}
	if !maps.Equal(choices, want) {
		wrong = append(wrong, fmt.Sprintf("acknowledged %v, in the file %v", want, choices))
	}
	slices.Sort(wrong)
	return result.Counted, wrong, nil
}
