package ballot_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"alliance/internal/feature/plenary/ballot"
	"alliance/internal/platform/fault"
)

func together(change func(*ballot.Node)) ballot.Rule {
	n := ballot.Node{Kind: ballot.Whole, Quorum: ballot.Frac(1, 2), Base: ballot.Expressed, Threshold: ballot.Threshold{More: true, Share: ballot.Frac(1, 2)}}
	if change != nil {
		change(&n)
	}
	return ballot.Rule{Name: "together", Version: 1, Empty: ballot.Fail, Root: n}
}

// vote is an open file of one college: letters f a o b are for, against,
// abstain and blank; a dot is somebody absent.
func vote(r ballot.Rule, votes string) ballot.File {
	f := ballot.File{Format: ballot.Format, Motion: "m", Title: "t", Rule: r, Opened: opened, Closed: closed}
	choices := map[rune]string{'f': ballot.For, 'a': ballot.Against, 'o': ballot.Abstain, 'b': ballot.Blank}
	for i, c := range votes {
		id := string(rune('A' + i))
		f.Roll = append(f.Roll, ballot.Voter{ID: id, College: "authorities", Voices: 1})
		if choices[c] != "" {
			f.Ballots = append(f.Ballots, ballot.Ballot{ID: "b" + id, Voter: id, Choice: choices[c], Channel: ballot.Electronic, At: opened})
		}
	}
	return f
}

func TestThresholds(t *testing.T) {
	threshold := func(base string, abstentions bool, text string) func(*ballot.Node) {
		return func(n *ballot.Node) {
			n.Base, n.Abstentions = base, abstentions
			if err := n.Threshold.UnmarshalText([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct {
		why    string
		change func(*ballot.Node)
		votes  string
		want   ballot.Outcome
	}{
		{"two against one", nil, "ffa", ballot.Adopted},
		{"even", nil, "fa", ballot.Tie},
		{"even at two thirds is no tie: one more would not do", threshold(ballot.Expressed, false, "at least 2/3"), "fa", ballot.Rejected},
		{"even at least half is enough when the rule says so", threshold(ballot.Expressed, false, "at least 1/2"), "fa", ballot.Adopted},
		{"even, but abstentions in the base: one more would not do", threshold(ballot.Cast, true, "more than 1/2"), "faoo", ballot.Rejected},
		{"abstentions left out of the base", threshold(ballot.Cast, false, "more than 1/2"), "fob", ballot.Adopted},
		{"blank in the base", threshold(ballot.Cast, true, "more than 1/2"), "fbb", ballot.Rejected},
		{"of the whole roll", threshold(ballot.Roll, true, "more than 1/2"), "ff..", ballot.Rejected},
		{"of the whole roll, reached", threshold(ballot.Roll, true, "more than 1/2"), "fff..", ballot.Adopted},
		{"of those present", threshold(ballot.Present, true, "more than 1/2"), "ffao.", ballot.Rejected},
		{"exactly two thirds, at least", threshold(ballot.Expressed, false, "at least 2/3"), "ffffaa", ballot.Adopted},
		{"exactly two thirds, more than", threshold(ballot.Expressed, false, "more than 2/3"), "ffffaa", ballot.Rejected},
		{"unanimity", threshold(ballot.Expressed, false, "at least 1"), "fffo", ballot.Adopted},
		{"unanimity missed", threshold(ballot.Expressed, false, "at least 1"), "fffa", ballot.Rejected},
		{"half of the roll is enough of a quorum", nil, "ff..", ballot.Adopted},
		{"less than half is not", nil, "ff...", ballot.NoQuorum},
		{"nobody came", nil, "....", ballot.NoQuorum},
		{"nobody came and none was asked for", func(n *ballot.Node) { n.Quorum = ballot.Frac(0, 1) }, "....", ballot.NoQuorum},
		{"nobody on the roll", nil, "", ballot.NoQuorum},
		{"all abstain", nil, "ooo", ballot.Rejected},
		{"more than nought needs one", threshold(ballot.Expressed, false, "more than 0"), "faaa", ballot.Adopted},
	} {
		r, err := ballot.Count(vote(together(c.change), c.votes))
		if err != nil || r.Outcome != c.want {
			t.Errorf("%s: %s %v, want %s", c.why, r.Outcome, err, c.want)
		}
	}
}

// pass, no, tie and short (of a quorum) are what parts of a rule can say.
func TestBranches(t *testing.T) {
	parts := map[string]string{"pass": "ffa", "no": "faa", "tie": "fa", "short": "f...", "empty": ""}
	for _, c := range []struct {
		kind, empty string
		parts       []string
		want        ballot.Outcome
	}{
		{"all", "fail", []string{"pass", "pass"}, ballot.Adopted},
		{"all", "fail", []string{"pass", "tie"}, ballot.Tie},
		{"all", "fail", []string{"tie", "short"}, ballot.NoQuorum},
		{"all", "fail", []string{"short", "no", "tie"}, ballot.Rejected},
		{"all", "fail", []string{"pass", "empty"}, ballot.NoQuorum},
		{"all", "skip", []string{"pass", "empty"}, ballot.Adopted},
		{"all", "skip", []string{"empty", "empty"}, ballot.Void},
		{"any", "fail", []string{"no", "pass", "short"}, ballot.Adopted},
		{"any", "fail", []string{"no", "tie"}, ballot.Tie},
		{"any", "fail", []string{"tie", "short"}, ballot.NoQuorum},
		{"any", "fail", []string{"no", "no"}, ballot.Rejected},
		{"any", "skip", []string{"no", "empty"}, ballot.Rejected},
	} {
		f := vote(together(nil), "")
		f.Rule.Empty, f.Rule.Root = c.empty, ballot.Node{Kind: c.kind}
		for i, p := range c.parts {
			college := string(rune('a'+i)) + p
			f.Rule.Root.Of = append(f.Rule.Root.Of, ballot.ForColleges("x", college).Root.Of[0])
			part := vote(f.Rule, parts[p])
			for _, v := range part.Roll {
				v.ID, v.College = college+v.ID, college
				f.Roll = append(f.Roll, v)
			}
			for _, b := range part.Ballots {
				b.ID, b.Voter = college+b.ID, college+b.Voter
				f.Ballots = append(f.Ballots, b)
			}
		}
		if r, err := ballot.Count(f); err != nil || r.Outcome != c.want {
			t.Errorf("%s of %v, empty colleges %s: %s %v, want %s", c.kind, c.parts, c.empty, r.Outcome, err, c.want)
		}
	}
}

func TestPapers(t *testing.T) {
	for _, c := range []struct {
		why                        string
		handedOut, entered, spoilt int
		want                       ballot.Outcome
	}{
		{"all back", 3, 3, 0, ballot.Adopted},
		{"some kept as a souvenir", 9, 3, 1, ballot.Adopted},
		{"one more than handed out", 2, 3, 0, ballot.Void},
		{"spoilt ones count as papers", 3, 3, 1, ballot.Void},
		{"the sheet says more than was typed in", 9, 4, 0, ballot.Void},
		{"the sheet says less", 9, 2, 0, ballot.Void},
	} {
		f := vote(together(nil), "fff")
		for i := range f.Ballots {
			f.Ballots[i].Channel, f.Ballots[i].Batch = ballot.Paper, "hall"
		}
		f.Batches = []ballot.Batch{{ID: "hall", HandedOut: c.handedOut, Entered: c.entered, Spoilt: c.spoilt}}
		if r, err := ballot.Count(f); err != nil || r.Outcome != c.want {
			t.Errorf("%s: %s %v, want %s", c.why, r.Outcome, err, c.want)
		}
	}
}

// An objection stands unless it was withdrawn before the close.
func TestObjections(t *testing.T) {
	rule := ballot.Rule{Name: "consent", Version: 1, Empty: ballot.Fail, Root: ballot.Node{Kind: ballot.Consent, Quorum: ballot.Frac(0, 1)}}
	for _, c := range []struct {
		why           string
		at, withdrawn int64
		reason        string
		want          ballot.Outcome
	}{
		{"stands", opened, 0, "why", ballot.Rejected},
		{"raised before the vote opened", opened - 1, 0, "why", ballot.Rejected},
		{"raised at the closing instant", closed, 0, "why", ballot.Adopted},
		{"withdrawn just before the close", opened, closed - 1, "why", ballot.Adopted},
		{"withdrawn at the closing instant", opened, closed, "why", ballot.Rejected},
		{"without a reason", opened, 0, " \n", ballot.Adopted},
	} {
		f := vote(rule, "fff")
		f.Objections = []ballot.Objection{{ID: "o", Voter: "A", Reason: c.reason, At: c.at, Withdrawn: c.withdrawn}}
		if r, err := ballot.Count(f); err != nil || r.Outcome != c.want {
			t.Errorf("%s: %s %v, want %s", c.why, r.Outcome, err, c.want)
		}
	}
}

func TestUnreadableBallots(t *testing.T) {
	n := ballot.Node{Kind: ballot.Approval, Quorum: ballot.Frac(0, 1), Base: ballot.Expressed, Threshold: ballot.Threshold{More: true, Share: ballot.Frac(1, 2)}}
	approve := ballot.Rule{Name: "approval", Version: 1, Empty: ballot.Fail, Root: n}
	rate := approve
	rate.Root = ballot.Node{Kind: ballot.Scoring, Quorum: ballot.Frac(0, 1), Seats: 1, Scale: 3, By: ballot.Sum}
	for _, c := range []struct {
		why      string
		rule     ballot.Rule
		ballot   ballot.Ballot
		readable bool
	}{
		{"two options", approve, ballot.Ballot{Approve: []string{"x", "y"}}, true},
		{"nothing is blank", approve, ballot.Ballot{}, true},
		{"an option twice", approve, ballot.Ballot{Approve: []string{"x", "x"}}, false},
		{"no option", approve, ballot.Ballot{Approve: []string{"z"}}, false},
		{"for is no approval", approve, ballot.Ballot{Choice: ballot.For}, false},
		{"abstains and approves", approve, ballot.Ballot{Choice: ballot.Abstain, Approve: []string{"x"}}, false},
		{"scores are no approvals", approve, ballot.Ballot{Scores: []ballot.Score{{Option: "x", Score: 1}}}, false},
		{"a score", rate, ballot.Ballot{Scores: []ballot.Score{{Option: "x", Score: 3}}}, true},
		{"above the scale", rate, ballot.Ballot{Scores: []ballot.Score{{Option: "x", Score: 4}}}, false},
		{"below nought", rate, ballot.Ballot{Scores: []ballot.Score{{Option: "x", Score: -1}}}, false},
		{"a score twice", rate, ballot.Ballot{Scores: []ballot.Score{{Option: "x", Score: 1}, {Option: "x", Score: 2}}}, false},
		{"approvals are no scores", rate, ballot.Ballot{Approve: []string{"x"}}, false},
		{"a choice with approvals", together(nil), ballot.Ballot{Choice: ballot.For, Approve: []string{"x"}}, false},
		{"no choice", together(nil), ballot.Ballot{}, false},
	} {
		f := vote(c.rule, ".")
		if c.rule.Style() != ballot.Choosing {
			f.Options = []ballot.Option{{ID: "x", Title: "X"}, {ID: "y", Title: "Y"}}
		}
		c.ballot.ID, c.ballot.Voter, c.ballot.Channel, c.ballot.At = "b", "A", ballot.Electronic, opened
		f.Ballots = []ballot.Ballot{c.ballot}
		r, err := ballot.Count(f)
		if err != nil || (r.Counted == 1) != c.readable || !c.readable && r.SetAside[0].Reason != ballot.UnknownChoice {
			t.Errorf("%s: %d counted, %v %v", c.why, r.Counted, r.SetAside, err)
		}
	}
}

func TestRulesRefused(t *testing.T) {
	if err := ballot.Default().Validate("authorities", "civil_society", "migrant_led"); err != nil {
		t.Fatal(err)
	}
	if err := ballot.Default().Validate("authorities", "civil_society"); err == nil {
		t.Error("a college that does not exist passes")
	}
	text, _ := ballot.Default().JSON()
	if r, err := ballot.ParseRule(text); err != nil || len(r.Leaves()) != 3 {
		t.Fatal(r, err)
	}
	const head = `{"name":"n","version":1,"empty":"fail","root":`
	good := `{"kind":"whole","quorum":"1/2","base":"cast","threshold":"more than 1/2"}`
	for key, root := range map[string]string{
		"kind":        `{"kind":"most"}`,
		"childless":   `{"kind":"all"}`,
		"college":     `{"kind":"college","quorum":"1/2","base":"cast","threshold":"more than 1/2"}`,
		"quorum":      `{"kind":"whole","quorum":"3/2","base":"cast","threshold":"more than 1/2"}`,
		"base":        `{"kind":"whole","quorum":"1/2","base":"everyone","threshold":"more than 1/2"}`,
		"threshold":   `{"kind":"whole","quorum":"1/2","base":"cast","threshold":"more than 1"}`,
		"abstentions": `{"kind":"whole","quorum":"1/2","base":"expressed","abstentions":true,"threshold":"more than 1/2"}`,
		"stray":       `{"kind":"consent","quorum":"1/2","base":"cast"}`,
		"scale":       `{"kind":"score","quorum":"1/2","seats":1,"by":"sum"}`,
		"by":          `{"kind":"score","quorum":"1/2","seats":1,"scale":5,"by":"mode"}`,
		"seats":       `{"kind":"score","quorum":"1/2","scale":5,"by":"sum"}`,
		"mixed":       `{"kind":"any","of":[` + good + `,{"kind":"score","quorum":"0","seats":1,"scale":5,"by":"sum"}]}`,
		"deep":        strings.Repeat(`{"kind":"all","of":[`, 7) + good + strings.Repeat(`]}`, 7),
		"large":       `{"kind":"all","of":[` + strings.Repeat(good+",", 250) + good + `]}`,
		"unreadable":  `{"kind":"whole","quorum":0.5}`,
	} {
		_, err := ballot.ParseRule(head + root + `}`)
		if !slices.ContainsFunc(fault.Of(err), func(f *fault.Fault) bool { return f.Key == "plenary.ballot.rule."+key }) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func TestFilesRefused(t *testing.T) {
	good, err := vote(together(nil), "ffa").Bytes()
	if err != nil {
		t.Fatal(err)
	}
	secret := `{"format":"alliance-ballots/1","motion":"m","title":"t","opened":1,"closed":2,"secret":true,"revisable":false,` +
		`"rule":{"name":"n","version":1,"empty":"fail","root":{"kind":"whole","quorum":"1/2","base":"cast","threshold":"more than 1/2"}},"roll":[],"ballots":[`
	for why, text := range map[string]string{
		"nothing":             "",
		"cut":                 string(good[:len(good)/2]),
		"two files":           string(good) + string(good),
		"unknown field":       replace(good, `"motion":`, `"colour":"red","motion":`),
		"field twice":         replace(good, `"motion":"m"`, `"motion":"m","motion":"n"`),
		"field in capitals":   replace(good, `"motion"`, `"Motion"`),
		"null":                replace(good, `"revisable":false`, `"revisable":null`),
		"float":               replace(good, `"voices":1`, `"voices":1.5`),
		"huge number":         replace(good, `"voices":1`, `"voices":99999999999999999999`),
		"no voice":            replace(good, `"voices":1`, `"voices":0`),
		"negative voices":     replace(good, `"voices":1`, `"voices":-1`),
		"another format":      replace(good, `ballots/1`, `ballots/2`),
		"not closed":          replace(good, `"closed":2000`, `"closed":0`),
		"voter twice":         replace(good, `"id":"B"`, `"id":"A"`),
		"ballot twice":        replace(good, `"id":"bB"`, `"id":"bA"`),
		"unknown channel":     replace(good, `"electronic"`, `"pigeon"`),
		"paper without batch": replace(good, `"electronic"`, `"paper"`),
		"options to a motion": replace(good, `"motion":"m"`, `"motion":"m","options":[{"id":"a","title":"b"}]`),
		"objection to a vote": replace(good, `"motion":"m"`, `"motion":"m","objections":[{"id":"a","voter":"A","reason":"b","at":1}]`),
		"signature in open":   replace(good, `"voices":1`, `"voices":1,"voted":true`),
		"college on open":     replace(good, `"choice":"for"`, `"choice":"for","college":"authorities"`),
		"long identifier":     replace(good, `"id":"A"`, `"id":"`+strings.Repeat("A", 201)+`"`),
		"not UTF-8":           replace(good, `"title":"t"`, "\"title\":\"\xff\""),
		"deep":                strings.Repeat(`{"rule":`, 10_000),
		"deep list":           strings.Repeat(`[`, 1_000_000),
		"secret with voter":   secret + `{"id":"x","voter":"A","college":"c","choice":"for","channel":"electronic"}]}`,
		"secret with time":    secret + `{"id":"x","at":1,"college":"c","choice":"for","channel":"electronic"}]}`,
		"secret homeless":     secret + `{"id":"x","choice":"for","channel":"electronic"}]}`,
	} {
		var out bytes.Buffer
		if err := ballot.CountFile(strings.NewReader(text), &out); err == nil || out.Len() > 0 {
			t.Errorf("%s passes: %s", why, out.Bytes())
		}
	}
}

func replace(b []byte, old, with string) string { return strings.Replace(string(b), old, with, 1) }

func TestCanonical(t *testing.T) {
	got, err := ballot.Canonical(map[string]any{"é": "\u2028<&>\"\\\n\x01", "b": []int{2, 1}, "a": true, "A": map[string]int{}})
	if want := "{\"A\":{},\"a\":true,\"b\":[2,1],\"é\":\"\u2028<&>\\\"\\\\\\n\\u0001\"}"; err != nil || string(got) != want {
		t.Errorf("%s %v, want %s", got, err, want)
	}
	for _, v := range []any{1.5, 1e300, nil, map[string]any{"a": nil}, func() {}} {
		if b, err := ballot.Canonical(v); err == nil {
			t.Errorf("%v passes as %s", v, b)
		}
	}
}

func FuzzCountFile(f *testing.F) {
	paths, _ := filepath.Glob("testdata/*.json")
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		var v vector
		if err := json.Unmarshal(raw, &v); err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(v.File))
	}
	f.Add([]byte(`{"format":"alliance-ballots/1"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var once, again bytes.Buffer
		if ballot.CountFile(bytes.NewReader(b), &once) != nil {
			return
		}
		file, err := ballot.Parse(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		exported, err := file.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if err := ballot.CountFile(bytes.NewReader(exported), &again); err != nil || !bytes.Equal(once.Bytes(), again.Bytes()) {
			t.Fatalf("%v\n%s%s", err, once.Bytes(), again.Bytes())
		}
		r, err := ballot.ParseResult(once.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		ballot.Explain(r.Public(), english, strings.ToUpper)
		r.ByCollege()
	})
}
