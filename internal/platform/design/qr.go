package design

import (
	"bytes"
	"fmt"

	"rsc.io/qr"
)

// DrawQR gives a QR code as SVG, for QR: dark squares on nothing, with the
// quiet border that readers need. One path, a run of squares a stroke.
func DrawQR(words string) ([]byte, error) {
	code, err := qr.Encode(words, qr.M)
	if err != nil {
		return nil, fmt.Errorf("design: QR code: %w", err)
	}
	const quiet = 4
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges" aria-hidden="true" focusable="false"><path fill="#000" d="`, code.Size+2*quiet, code.Size+2*quiet)
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			n := 0
			for x+n < code.Size && code.Black(x+n, y) {
				n++
			}
			if n > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, n, n)
				x += n
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes(), nil
}
