package nodes_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"alliance/internal/housetest/nodes"
)

// TestSeveralNodes: two nodes on one PostgreSQL, four kills and an end of the
// database while people write and vote. What `make nodes` does at length.
func TestSeveralNodes(t *testing.T) {
	program := filepath.Join(t.TempDir(), "alliance")
	if out, err := exec.Command("go", "build", "-o", program, "../../../cmd/alliance").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r, err := nodes.Run(t.Context(), nodes.Plan{Program: program, Dir: t.TempDir(), Kills: 4, Writes: 40, Delegates: 200, Hands: 2, Writers: 3, Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(r)
	for _, line := range r.Wrong {
		t.Error(line)
	}
	if r.Voted != 200 || r.Written < 200 || r.Read == 0 || r.Again == 0 {
		t.Error("too little was going on to prove anything")
	}
	if r.Rolled > 0 {
		t.Errorf("%d requests had to be sent again while nodes were exchanged", r.Rolled)
	}
}
