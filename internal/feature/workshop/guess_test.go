package workshop_test

import (
	"strconv"
	"testing"
	"time"

	"alliance/internal/app"
	"alliance/internal/housetest"
)

// behind lets a test come from any network, as a proxy would say.
func behind(c *app.Config) { c.Proxies = "127.0.0.1" }

func bothBehind(t *testing.T, test func(*testing.T, *hall)) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) { test(t, newHall(t, h)) }, behind)
}

// Whoever guesses codes is slowed, and the room behind the same address is not.
func TestGuessingIsSlowed(t *testing.T) {
	bothBehind(t, func(t *testing.T, h *hall) {
		const room, other = "192.0.2.7", "198.51.100.9"
		at := func(address, path string, status int) {
			t.Helper()
			h.Visitor().Header("X-Forwarded-For", address).Get(path).Status(status)
		}
		at(room, "/en/join/"+code, 200)
		h.Visitor().Get("/en/join").Status(200).Submit("Join", nil).Status(404).Has("div.error-summary", "Type the code of the workshop.")
		for range 200 { // sixty people with a paper of yesterday, three times each
			at(room, "/en/join?code=b2b2b2", 404)
		}
		for i := range 60 { // and each mistypes once
			at(room, "/en/join?code=bb2"+strconv.Itoa(222+i), 404)
		}
		for i := range 59 { // the guesser among them
			at(room, "/en/join/cc2"+strconv.Itoa(222+i), 404)
		}
		h.Visitor().Header("X-Forwarded-For", room).Get("/en/join?code=zzzzzz").Status(429).Has("div.error-summary", "Too many wrong codes")
		at(room, "/en/join/zzzzzz", 429)
		at(room, "/en/join/zzzzzz/proposal", 429)
		at(room, "/en/join/zzzzzz/list", 429)
		if got := h.Call("", "GET", "/join/zzzzzz", nil, nil); got != 404 { // from elsewhere
			t.Errorf("the API: %d", got)
		}
		// The room goes on, also those who come late.
		at(room, "/en/join?code=GT4-X9K", 200)
		h.Visitor().Header("X-Forwarded-For", room).Get("/en/join/"+code).Status(200).Submit("Send", map[string]string{"text": "We go on."}).Status(200).Has("ul.said", "We go on.")
		// Elsewhere nothing is slowed; after ten minutes nothing is here.
		at(other, "/en/join/zzzzzz", 404)
		h.Clock.Pass(11 * time.Minute)
		at(room, "/en/join/zzzzzz", 404)
	})
}

// A right code that was never used from there is no exception: it would tell.
func TestGuessingFindsNothingOnceSlowed(t *testing.T) {
	bothBehind(t, func(t *testing.T, h *hall) {
		guesser := h.Visitor().Header("X-Forwarded-For", "203.0.113.5")
		for i := range 120 {
			guesser.Get("/en/join/cc2" + strconv.Itoa(222+i)).Status(404)
		}
		guesser.Get("/en/join/" + code).Status(429)
		guesser.Get("/en/join?code=" + code).Status(429)
	})
}
