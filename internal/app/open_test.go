package app_test

import (
	"testing"

	"alliance/internal/housetest"
)

func TestHouseOpens(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		if code := h.Call("", "GET", "/openapi.json", nil, nil); code != 200 {
			t.Errorf("openapi: %d", code)
		}
		h.Visitor().Get("/fr/nowhere").Status(404)
		h.Visitor().Get("/").Status(200).Has("h1", "Trial alliance")
		if p := h.Visitor().Get("/readyz"); p.Code != 200 {
			t.Error(p.Code, p.Body)
		}
	})
}
