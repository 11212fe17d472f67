// Package design is how pages look and what they are made of: the frame, the
// fields of forms, cards, tables, texts in languages, the map.
//
// The one idea: "Le fil". Paper, ink and three threads that are woven together:
// an indigo square with an unbroken line for local authorities, a terracotta
// circle with dashes for civil society, an oasis diamond with dots for people
// who migrated. Colour, shape and word always go together. Everything is plain
// HTML that works alone; static/site.js only adds, and one answer paints the
// page (core.css stands inside it, its hash in the Content-Security-Policy).
//
// A page:
//
//	@design.Layout(v, design.Page{Title: v.T("event.title", "Events"), Kind: "text"}) {
//		@design.Result(v.N("event.count", n, "{n} event", "{n} events"))
//		@design.CardList(v, items)
//		@design.Pagination(v, page, last)
//	}
//
// A form, with one shape (Field) for all of its fields; Layout shows v.Errors
// above the h1 and each field shows its own:
//
//	@design.Form(v, "/events", web.NewKey()) {
//		@design.Input(v, design.Field{Name: "title", Label: v.T("event.name", "Name"), Value: f.Title})
//		@design.DateInput(v, design.Field{Name: "starts", Label: v.T("event.day", "Day"), Value: f.Starts})
//		@design.Submit(v.T("event.save", "Save"))
//	}
//
// A text of people, in whatever language there is, which it says:
//
//	@design.Text(v, e.Text("body").In(v.Lang()))
//
// See all components at once: go run ./internal/platform/design/show
package design
