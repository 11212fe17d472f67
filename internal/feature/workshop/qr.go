package workshop

import "alliance/internal/platform/design"

func draw(words string) ([]byte, error) { return design.DrawQR(words) }
