package assembly

import (
	"context"
	"slices"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/lineage"
	"alliance/internal/platform/people"
)

// BringUp hands proposals of a local assembly to the one it sits in, by whoever
// leads either. Each becomes a proposal there, with its author, joined to the
// first in the lineage; of two who bring up the same one, the second is told.
func (f *Feature) BringUp(ctx context.Context, tx *db.Tx, a people.Actor, local string, proposals []string) (parent string, err error) {
	e, err := entry.See(ctx, tx, a, "assembly", local)
	if err != nil {
		return "", err
	}
	if !mayBringUp(a, e) {
		return "", access.Denied()
	}
	if e.Parent == "" {
		return "", fault.Conflict("assembly.up.none", "This assembly sits in no other.")
	}
	s, err := assemblyByID(ctx, tx, local)
	if err != nil {
		return "", err
	}
	if !s.Now(tx.Now()).Allows(BringUp) {
		return "", fault.Conflict("assembly.up.early", "This assembly has not begun. It has nothing to bring up yet.")
	}
	proposals = slices.Compact(slices.Sorted(slices.Values(proposals)))
	if len(proposals) == 0 {
		return "", fault.Invalid("proposals", "assembly.up.choose", "Choose at least one proposal.")
	}
	if err := tx.Lock(ctx, "lineage:"+e.Parent); err != nil {
		return "", err
	}
	done, err := lineage.Descended(ctx, tx, proposals)
	if err != nil {
		return "", err
	}
	for _, p := range proposals {
		if err := f.bringOne(ctx, tx, a, e, p, done[p]); err != nil {
			return "", err
		}
	}
	return e.Parent, nil
}

func mayBringUp(a people.Actor, local entry.Entry) bool {
	return MayRun(a, local.ID) || local.Parent != "" && MayRun(a, local.Parent)
}

func (f *Feature) bringOne(ctx context.Context, tx *db.Tx, a people.Actor, local entry.Entry, proposal string, done bool) error {
	of, err := entry.See(ctx, tx, a, "proposal", proposal)
	if err != nil {
		return err
	}
	if where, err := AssemblyOf(ctx, tx, proposal); err != nil || where != local.ID || of.State != entry.Published {
		return fault.Missing()
	}
	if done {
		return fault.Conflict("assembly.up.done", "“{title}” was brought up or dealt with already.", "title", of.Title().Original())
	}
	up, err := f.asks.Copy(ctx, tx, a, local.Parent, of)
	if err != nil {
		return err
	}
	role := "committee"
	if a.Is(people.Coordinator, local.ID, local.Parent) {
		role = "coordinator"
	}
	_, err = lineage.Add(ctx, tx, a, lineage.Derivation{Kind: lineage.BroughtUp, Role: role, Scope: local.Parent, Certain: true,
		Parents: []lineage.Link{{Entry: proposal, Revision: of.Revision}}, Children: []lineage.Link{{Entry: up.ID, Revision: up.Revision}}})
	return err
}
