package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"alliance/internal/housetest"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/people"
)

// bodies that are no JSON, or none that any operation describes.
var bodies = []string{"", "null", "[]", "{", "\"\xff\"", "{\"lang\":\"\xe9\"}", `{"title":"\u0000"}`, strings.Repeat("[", 20000), `{"a":1e999}`, "\x00", `{"lang":"fr","lang":"en"}`,
	`<xml/>`, "\xff\xfe{\x00}\x00", `{"title":"` + strings.Repeat("x", 200000) + `"}`}

// TestHostileCalls calls every operation of the API with bodies that are no
// JSON, with hostile values in each property, query and path, and with keys
// that cannot be kept. The house never answers with an error of its own.
func TestHostileCalls(t *testing.T) {
	housetest.Both(t, func(t *testing.T, h *housetest.House) {
		page := h.Visitor().Get("/api/v1/openapi.json").Status(200)
		doc, err := openapi3.NewLoader().LoadFromData([]byte(page.Body))
		if err != nil {
			t.Fatal(err)
		}
		a := &assault{t: t, h: h, tokens: []string{""}}
		for _, who := range []string{"marchetti", "terranova", "ashdown"} {
			a.tokens = append(a.tokens, tokenOf(h, who))
		}
		for path, item := range doc.Paths.Map() {
			for method, op := range item.Operations() {
				a.operation(method, path, op)
			}
		}
		t.Logf("%d calls", a.sent)
		if a.sent < 1000 {
			t.Error("too few: is the description still read?")
		}
	}, housetest.Demonstration)
}

// tokenOf makes a token of somebody of the demonstration.
func tokenOf(h *housetest.House, who string) (secret string) {
	for _, p := range demo.People() {
		if p.ID != who {
			continue
		}
		mandate := ""
		if len(p.Mandate) > 0 {
			mandate = demo.MandateID(p.ID)
		}
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			secret, err = people.AddToken(ctx, tx, people.Token{Person: demo.PersonID(p.ID), Mandate: mandate, Name: "hostile", Reads: true, Writes: true, Factor: true})
			return err
		})
	}
	return secret
}

type assault struct {
	t      *testing.T
	h      *housetest.House
	tokens []string
	sent   int
}

// value is the next hostile one.
func (a *assault) value() string { return hostile[a.sent%len(hostile)] }

func (a *assault) operation(method, path string, op *openapi3.Operation) {
	here := sample(path)
	query := url.Values{}
	for _, p := range op.Parameters {
		if p.Value.In == "query" {
			query.Set(p.Value.Name, a.value())
			a.call(method, here+"?"+query.Encode(), nil)
		}
	}
	a.call(method, strings.ReplaceAll(here, "0000000000000000", url.PathEscape(a.value())), nil)
	if op.RequestBody == nil {
		a.call(method, here, nil)
		return
	}
	for _, b := range bodies {
		a.call(method, here, []byte(b))
	}
	media := op.RequestBody.Value.Content.Get("application/json")
	if media == nil || media.Schema.Value == nil {
		return
	}
	whole := map[string]any{}
	for name, property := range media.Schema.Value.Properties {
		whole[name] = likely(property.Value)
	}
	for name := range media.Schema.Value.Properties {
		was := whole[name]
		for _, bad := range []any{a.value(), nil, -1, 1e300, json.RawMessage("123456789012345678901234567890"), []any{a.value()}, map[string]any{a.value(): a.value()}, true} {
			whole[name] = bad
			body, err := json.Marshal(whole)
			if err != nil {
				a.t.Fatal(err)
			}
			a.call(method, here, body)
		}
		whole[name] = was
	}
}

// likely is a value that the schema allows.
func likely(s *openapi3.Schema) any {
	switch {
	case s == nil || s.Type == nil:
		return nil
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type.Includes("string"):
		return "fr"
	case s.Type.Includes("integer"), s.Type.Includes("number"):
		return 1
	case s.Type.Includes("boolean"):
		return false
	case s.Type.Includes("array"):
		return []any{}
	}
	return map[string]any{}
}

// call sends one call as the next of the tokens.
func (a *assault) call(method, path string, body []byte) {
	token := a.tokens[a.sent%len(a.tokens)]
	a.sent++
	req, err := http.NewRequest(method, a.h.Server.URL+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if a.sent%3 == 0 {
		req.Header.Set("Idempotency-Key", []string{"caf\xe9", strings.Repeat("k", 65), "\xff"}[a.sent/3%3])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, _ := io.ReadAll(res.Body)
	if res.StatusCode >= 500 {
		a.t.Errorf("%s %s with %.200q: %d %.300s", method, path, body, res.StatusCode, answer)
	}
}
