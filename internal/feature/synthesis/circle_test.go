package synthesis_test

import (
	"net/url"
	"sync"
	"testing"
)

// A result cannot be merged back into what it came from, nor an act taken back
// on which another stands: each time the page says why.
func TestNoMergeInACircle(t *testing.T) {
	both(t, func(t *testing.T, h *desk) {
		merge := func(title string, parents ...string) map[string][]string {
			return url.Values{"p": parents, "title": {title}, "summary": {"We do it."}, "lang": {"en"}, "reason": {"The same"}}
		}
		path := "/en/assemblies/" + h.assembly + "/synthesis/merge"
		first := h.merge()
		child := h.child(t, first)
		h.committee.Post(path, merge("In a circle", child, h.a)).Status(409).Has("div.error-summary", "Open a municipal counter for newcomers in every city hall").Has("div.error-summary", "dealt with meanwhile")
		h.committee.Post(path, merge("With itself", child, child)).Status(422).Has("div.error-summary", "at least two")

		// A later merge stands on the first: that one must be taken back before.
		second := h.committee.Post(path, merge("Both", child, h.c)).Status(200)
		grandchild := h.child(t, second)
		h.committee.Get(first.Path).Submit("Take it back", map[string]string{"reason": "Too early"}).Status(409).Has("main", "Take that back first")
		h.committee.Post(path, merge("In a longer circle", grandchild, h.a)).Status(409)
		h.committee.Get(second.Path).Submit("Take it back", map[string]string{"reason": "Apart is better"}).Status(200)
		h.committee.Get(second.Path).Lacks("button", "Take it back")
		h.committee.Post(second.Path+"/undo", url.Values{"reason": {"Again"}}).Status(409).Has("main", "taken back already")
		h.committee.Get(first.Path).Submit("Take it back", map[string]string{"reason": "All apart"}).Status(200).Has("fieldset", "municipal counter").Has("fieldset", "Lend empty flats")

		// What an undone act made is gone: nothing is built on it, and the page says so.
		h.committee.Post(path, merge("With a ghost", child, h.c)).Status(409).Has("main", "taken back")
		h.committee.Get(h.path("reword", child)).Status(409).Has("main", "taken back")
		h.committee.Post(h.path("reword", child), url.Values{"p": {child}, "title": {"Typed already"}, "summary": {"We do it."}, "lang": {"en"}, "reason": {"Clearer"}}).
			Status(409).Has("div.error-summary", "taken back").Has("textarea", "We do it.")
		h.Visitor().Get(first.Path).Status(200).Has("main", "All apart")
		h.merge()
	})
}

// One takes an act back while another builds on its result: one is told.
func TestUndoWhileSomebodyBuilds(t *testing.T) {
	both(t, func(t *testing.T, h *desk) {
		for range 3 {
			page := h.merge()
			child := h.child(t, page)
			form := h.committee.Get(h.path("reword", child)).Status(200)
			var undone, built int
			var wait sync.WaitGroup
			wait.Add(2)
			go func() {
				defer wait.Done()
				undone = page.Submit("Take it back", map[string]string{"reason": "Too early"}).Code
			}()
			go func() {
				defer wait.Done()
				built = form.Submit("Reword", map[string]string{"title": "Better", "summary": "We do it.", "reason": "Clearer"}).Code
			}()
			wait.Wait()
			if undone+built != 200+409 {
				t.Fatalf("undone %d, built %d", undone, built)
			}
			if built == 200 {
				return // the merge stays, for something stands on it
			}
		}
	})
}
