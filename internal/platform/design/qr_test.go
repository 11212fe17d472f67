package design_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"rsc.io/qr"

	"alliance/internal/platform/design"
)

// The drawing has exactly the squares of the code, inside a border of four.
func TestDrawQR(t *testing.T) {
	const address = "https://alliance.example/join/gt4x9k"
	svg, err := design.DrawQR(address)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[[2]int]bool{}
	_, path, _ := strings.Cut(string(svg), `fill="#000"`)
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(path, -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		n, _ := strconv.Atoi(m[3])
		for i := range n {
			drawn[[2]int{x + i, y}] = true
		}
	}
	for y := -4; y < code.Size+4; y++ {
		for x := -4; x < code.Size+4; x++ {
			if drawn[[2]int{x + 4, y + 4}] != code.Black(x, y) {
				t.Fatalf("square %d, %d", x, y)
			}
		}
	}
	if _, err := design.DrawQR(strings.Repeat("long", 5000)); err == nil {
		t.Error("more than a code can hold")
	}
}
