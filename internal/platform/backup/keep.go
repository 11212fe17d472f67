package backup

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Keep says how many backups stay: the newest of each of so many days, weeks
// and months. Zero everywhere keeps all.
type Keep struct{ Days, Weeks, Months int }

// ParseKeep reads "7d 5w 6m"; "all" keeps all.
func ParseKeep(text string) (k Keep, err error) {
	if text == "all" {
		return k, nil
	}
	for _, word := range strings.Fields(text) {
		n, err := strconv.Atoi(word[:len(word)-1])
		if err != nil || n < 0 {
			return k, fmt.Errorf("backup: %q does not say what to keep; write 7d 5w 6m, or all", text)
		}
		switch word[len(word)-1] {
		case 'd':
			k.Days = n
		case 'w':
			k.Weeks = n
		case 'm':
			k.Months = n
		default:
			return k, fmt.Errorf("backup: %q does not say what to keep; write 7d 5w 6m, or all", text)
		}
	}
	if k == (Keep{}) {
		return k, fmt.Errorf("backup: %q keeps nothing; write 7d 5w 6m, or all", text)
	}
	return k, nil
}

// Old lists what need not stay, of a list with the newest first. The newest
// always stays.
func (k Keep) Old(list []Found) (old []Found) {
	if k == (Keep{}) || len(list) == 0 {
		return nil
	}
	days, weeks, months := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, f := range list {
		year, week := f.Made.ISOWeek()
		stays := i == 0
		for _, rule := range []struct {
			seen map[string]bool
			key  string
			most int
		}{
			{days, f.Made.Format("2006-01-02"), k.Days},
			{weeks, fmt.Sprint(year, "-", week), k.Weeks},
			{months, f.Made.Format("2006-01"), k.Months},
		} {
			if !rule.seen[rule.key] && len(rule.seen) < rule.most {
				rule.seen[rule.key] = true
				stays = true
			}
		}
		if !stays {
			old = append(old, f)
		}
	}
	return old
}

// Clean removes what Keep does not keep, and names it.
func (k Keep) Clean(ctx context.Context, p Place) (gone []string, err error) {
	list, err := p.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range k.Old(list) {
		if err := p.Remove(ctx, f.Name); err != nil {
			return gone, fmt.Errorf("backup: %w", err)
		}
		gone = append(gone, f.Name)
	}
	return gone, nil
}
