package intake

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"alliance/internal/platform/db"
	"alliance/internal/platform/intake"
	"alliance/internal/platform/lang"
)

// The page of a long list counts in the database, and reads the rows it shows.

// whatOf is what becomes of a row, or became of it: rowView.What, of columns.
const whatOf = `CASE WHEN r.outcome <> '' THEN r.outcome WHEN r.choice = '' AND r.doubts LIKE '{"d":%' THEN 'open'
	WHEN r.choice LIKE '{"action":"skip"%' THEN 'skipped' WHEN r.choice LIKE '{"action":"same"%' THEN 'same' ELSE 'added' END`

func (b Batch) first() int {
	if b.Heading {
		return 2
	}
	return 1
}

type sum struct {
	what          string
	rows, doubted int
}

// sums counts rows by what becomes of them.
func sums(ctx context.Context, q db.Q, b Batch) ([]sum, error) {
	return db.All(ctx, q, func(r db.Row) (s sum, err error) { return s, r.Scan(&s.what, &s.rows, &s.doubted) },
		`SELECT o.what, count(*), sum(o.doubted) FROM (SELECT `+whatOf+` AS what, CASE WHEN r.doubts LIKE '{"d":%' THEN 1 ELSE 0 END AS doubted
		FROM import_row r WHERE r.batch = $1 AND r.n >= $2) o GROUP BY o.what`, b.ID, b.first())
}

// countCodes counts the rows that raise each doubt, in one walk over the list.
func countCodes(ctx context.Context, q db.Q, b Batch, codes []intake.Code) ([]int, error) {
	args, columns := []any{b.ID, b.first()}, make([]string, len(codes))
	for i, code := range codes {
		args = append(args, `%"code":"`+string(code)+`"%`)
		columns[i] = "coalesce(sum(CASE WHEN r.doubts LIKE $" + strconv.Itoa(i+3) + " THEN 1 ELSE 0 END), 0)"
	}
	return db.One(ctx, q, func(r db.Row) ([]int, error) {
		counts, into := make([]int, len(codes)), make([]any, len(codes))
		for i := range counts {
			into[i] = &counts[i]
		}
		return counts, r.Scan(into...)
	}, `SELECT `+strings.Join(columns, ", ")+` FROM import_row r WHERE r.batch = $1 AND r.n >= $2 AND r.doubts <> ''`, args...)
}

// asked are the rows a page of a long list shows.
func (v *batchView) asked() *db.Where {
	var w db.Where
	w.And("r.batch = ?", v.ID)
	w.And("r.n >= ?", v.first())
	switch v.Show {
	case "all":
	case "doubtful":
		w.And(`r.doubts LIKE '{"d":%'`)
	default:
		w.And(whatOf+" = ?", v.Show)
	}
	if v.Code != "" {
		w.And("r.doubts LIKE ?", `%"code":"`+strings.NewReplacer("%", "", "_", `_`, `"`, "").Replace(v.Code)+`"%`)
	}
	if words := strings.NewReplacer("%", " ", "_", " ").Replace(lang.Fold(v.Words)); strings.TrimSpace(words) != "" {
		w.And("r.source_key LIKE ?", "%"+words+"%") // of a long list, the name and the place
	}
	return &w
}

// fillLong counts a long list, and reads one page of it.
func (x *Intake) fillLong(ctx context.Context, v *batchView, page string) error {
	list, err := sums(ctx, x.DB, v.Batch)
	if err != nil {
		return err
	}
	for _, s := range list {
		v.Out[s.what] = s.rows
		v.All += s.rows
		v.Doubtful += s.doubted
	}
	v.Open = v.Out["open"]
	if v.Doubtful > 0 {
		var codes []intake.Code
		for _, code := range append(slices.Clone(v.kind.Order), intake.Codes...) {
			if !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
		counts, err := countCodes(ctx, x.DB, v.Batch, codes)
		if err != nil {
			return err
		}
		for i, n := range counts {
			if n > 0 {
				v.Codes = append(v.Codes, codeCount{codes[i], n})
			}
		}
	}
	v.begin()
	w := v.asked()
	n, err := db.One(ctx, x.DB, db.Value[int64], `SELECT count(*) FROM import_row r`+w.SQL(), w.Args()...)
	if err != nil {
		return err
	}
	v.Last = max(1, (int(n)+rowsAPage-1)/rowsAPage)
	v.Page, _ = strconv.Atoi(page)
	v.Page = min(max(v.Page, 1), v.Last)
	w = v.asked()
	rows, err := db.All(ctx, x.DB, scanRow, `SELECT `+rowColumns+` FROM import_row r`+w.SQL()+` ORDER BY r.n LIMIT `+w.Arg(rowsAPage)+` OFFSET `+w.Arg((v.Page-1)*rowsAPage), w.Args()...)
	if err != nil {
		return err
	}
	if v.State == batchDraft { // somebody else may have brought in the same meanwhile
		if err := v.kind.match(ctx, x.DB, v.Batch, rows); err != nil {
			return err
		}
	}
	for _, r := range rows {
		v.Rows = append(v.Rows, v.kind.view(v.Batch, r))
	}
	stay, err := db.All(ctx, x.DB, scanRow, `SELECT `+rowColumns+` FROM import_row r WHERE r.batch = $1 AND r.outcome LIKE 'stays%' ORDER BY r.n LIMIT 200`, v.ID)
	for _, r := range stay {
		v.Stays = append(v.Stays, v.kind.view(v.Batch, r))
	}
	return err
}

// begin chooses which rows are shown where nobody asked for some.
func (v *batchView) begin() {
	if v.Show != "" {
		return
	}
	v.Show = "open"
	if v.State != batchDraft || v.Open == 0 && v.Doubtful > 0 {
		v.Show = "doubtful"
	}
	if v.Doubtful == 0 {
		v.Show = "all"
	}
}

// everyRow gives the rows of a list to do, some at a time.
func (x *Intake) everyRow(ctx context.Context, b Batch, do func(importRow)) error {
	for b.Done = 0; ; {
		rows, err := nextRows(ctx, x.DB, b, 1000)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			do(r)
		}
		b.Done = rows[len(rows)-1].N
	}
}
