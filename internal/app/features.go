package app

import (
	"alliance/internal/feature"
	"alliance/internal/feature/account"
	"alliance/internal/feature/assembly"
	"alliance/internal/feature/directory"
	"alliance/internal/feature/plenary/ballot"
	"alliance/internal/feature/setup"
	"alliance/internal/feature/trace"
)

// features lists what people can do here, in the order of the menu. Where one
// feature asks another something, it is filled here.
func features(h *feature.House) []feature.Feature {
	return []feature.Feature{
		directory.New(h, directory.Asks{}),
		assembly.New(h, assembly.Asks{}),
		account.New(h),
		setup.New(h, validRule),
		trace.New(h),
	}
}

// validRule lets the settings ask whoever counts votes.
func validRule(rule string, colleges []string) error {
	r, err := ballot.ParseRule(rule)
	if err != nil {
		return err
	}
	return r.Validate(colleges...)
}
