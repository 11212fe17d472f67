package app

import (
	"alliance/internal/feature"
	"alliance/internal/feature/account"
	"alliance/internal/feature/assembly"
	"alliance/internal/feature/directory"
	"alliance/internal/feature/trace"
)

// features lists what people can do here, in the order of the menu. Where one
// feature asks another something, it is filled here.
func features(h *feature.House) []feature.Feature {
	return []feature.Feature{
		directory.New(h, directory.Asks{}),
		assembly.New(h, assembly.Asks{}),
		account.New(h),
		trace.New(h),
	}
}
