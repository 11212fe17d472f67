package app_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/people"
)

// TestClockMovedBack: an hour back, people go on; what was written stays in its
// order, nobody is signed out, and the operator is told.
func TestClockMovedBack(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		operator := h.Person("Olga", people.Grant{Role: people.Operator})
		c := h.AsStrong(h.Person("Rosa", people.Grant{Role: people.Coordinator}).ID, "")
		add := func(name string) *housetest.Page {
			return c.Get("/en/organisations/new").Submit("Save", map[string]string{"title": name, "kind": "civil_society", "country": "FR"}).Status(200)
		}
		before := add("Before")
		h.Clock.Pass(-time.Hour)
		after := add("After")
		c.Get(before.Path+"/edit").Submit("Save", map[string]string{"body": "Written an hour before it was founded."}).Status(200)
		for _, page := range []*housetest.Page{before, after} {
			c.Get(page.Path).Status(200)
			c.Get("/en/history/" + page.Path[strings.LastIndexByte(page.Path, '/')+1:]).Status(200)
		}
		h.Drain()
		if broken, err := journal.Check(t.Context(), h.DB); broken != 0 || err != nil {
			t.Errorf("the journal breaks at %d: %v", broken, err)
		}
		h.AsStrong(operator.ID, "").Get("/en/operate").Status(200).Has("main", "clock")
		h.Clock.Pass(time.Hour)
		add("Caught up")
	})
}

// TestThousandSlowConnections: half of them never end their headers, half never
// send the body they promised. Others are answered, and memory stays bounded.
func TestThousandSlowConnections(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.App.Serve(ctx, "127.0.0.1:0") }()
	defer func() { // after the connections are closed
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	at := ""
	for until := time.Now().Add(time.Minute); at == "" && time.Now().Before(until); runtime.Gosched() {
		at = strings.TrimPrefix(answers.FindString(h.Console.String()), "http://")
	}
	if at == "" {
		t.Fatal("it does not say where it answers")
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc + m.StackInuse
	}
	before := heap()
	for i := range 1000 {
		c, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if i%2 == 0 {
			_, err = fmt.Fprintf(c, "GET /en/ HTTP/1.1\r\nHost: %s\r\nX-Slow: ", at)
		} else {
			_, err = fmt.Fprintf(c, "POST /en/sign-in HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000000\r\n\r\nemail=", at)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		res, err := http.Get("http://" + at + "/en/organisations")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s %v", res.Status, err)
		}
		res.Body.Close()
	}
	const each = 64 << 10 // octets for both ends, which are in this process
	if more := int64(heap()) - int64(before); more > 1000*each {
		t.Errorf("they take %d KB each", more/1000>>10)
	}
}
