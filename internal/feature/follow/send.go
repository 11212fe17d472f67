package follow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"alliance/internal/feature"
	"alliance/internal/platform/alliance"
	"alliance/internal/platform/db"
	"alliance/internal/platform/entry"
	"alliance/internal/platform/fault"
	"alliance/internal/platform/journal"
	"alliance/internal/platform/lang"
	"alliance/internal/platform/locale"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/notice"
)

// digests makes every digest that is due, each in a transaction of its own: a
// mail is posted exactly when the follower's place in the journal moves on.
func (f *Feature) digests(ctx context.Context) error {
	head, err := journal.Head(ctx, f.DB)
	if err != nil {
		return err
	}
	shared := &reading{}
	var failed []error // one that fails keeps nobody else waiting
	for after := ""; ; {
		due, err := dueFollowers(ctx, f.DB, f.DB.Now(), head, after)
		if err != nil || len(due) == 0 || ctx.Err() != nil {
			return errors.Join(append(failed, err, ctx.Err())...)
		}
		for _, one := range due {
			after = one
			// What was read before somebody wrote is not asked again: it may have been withdrawn.
			if v := f.DB.Version(); v != shared.version {
				shared = &reading{version: v}
			}
			if err := f.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error { return f.send(ctx, tx, shared, one) }); err != nil {
				failed = append(failed, fmt.Errorf("follow: digest of %s: %w", one, err))
			}
		}
	}
}

// send tells one follower what is new, and nothing where there is nothing.
func (f *Feature) send(ctx context.Context, tx *db.Tx, shared *reading, follower string) error {
	if err := lock(ctx, tx, follower); err != nil {
		return err
	}
	who, err := followerByID(ctx, tx, follower)
	if fault.Is(err, fault.KindNotFound) {
		return nil // stopped meanwhile
	}
	if err != nil {
		return err
	}
	if who.Pace == Never && who.Person == "" || who.Pace != Now && who.Due > tx.Now() {
		return nil // changed, or told by another node
	}
	r, email, name, err := readerOf(ctx, tx, who, tx.Now(), tx.Now().Add(-newsDays*24*hour))
	if err != nil {
		return err
	}
	d, err := f.Digest(ctx, tx, shared, r, who.Told)
	if err != nil {
		return err
	}
	who.Told, who.Due = d.Until, who.Next(tx.Now())
	if err := setFollower(ctx, tx, who); err != nil || len(d.Objects) == 0 {
		return err
	}
	if err := alert(ctx, tx, r, d.Found); err != nil || email == "" || who.Pace == Never {
		return err
	}
	m, err := f.message(ctx, tx, r, d)
	if err != nil {
		return err
	}
	m.To, m.ToName = email, name
	return mail.Post(ctx, tx, m)
}

// alert tells an account on the site which of its searches found something. It
// names the search alone: what was found is shown, and asked for again, on the
// page of news. One that nobody read yet is not told again.
func alert(ctx context.Context, tx *db.Tx, r reader, found []Follow) error {
	if r.Person == "" || len(found) == 0 {
		return nil
	}
	recent, err := notice.List(ctx, tx, r.Person, "", 100)
	for _, x := range found {
		n := notice.New{Person: r.Person, Key: "follow.notice.found", English: "Your search “{search}” found something new.", Args: map[string]string{"search": x.Name}, Link: "/me/following/news"}
		told := func(was notice.Notice) bool {
			return was.Key == n.Key && was.ReadAt == 0 && was.Args["search"] == x.Name
		}
		if err == nil && !slices.ContainsFunc(recent, told) {
			err = notice.Tell(ctx, tx, n)
		}
	}
	return err
}

// letter is a digest put into words.
type letter struct {
	p         *locale.Printer
	base      string // address with the language
	kinds     map[string]feature.Kind
	site      string
	digest    Digest
	stop, all string // addresses: end or change mails, all news
	anonymous bool
}

func (f *Feature) message(ctx context.Context, q db.Q, r reader, d Digest) (mail.Message, error) {
	about, err := alliance.Load(ctx, q)
	if err != nil {
		return mail.Message{}, err
	}
	p := f.Catalog.For(r.Lang)
	l := letter{p: p, base: f.Origin + "/" + p.Lang(), kinds: f.Kinds, site: about.Name.In(p.Lang()).S, digest: d, anonymous: r.Person == ""}
	l.stop = l.base + "/following/" + f.token(r.Follower)
	if !l.anonymous {
		l.all = l.base + "/me/following/news"
	}
	var html strings.Builder
	if err := mailPage(l).Render(ctx, &html); err != nil {
		return mail.Message{}, err
	}
	return mail.Message{Lang: p.Lang(), Subject: l.subject(), Text: l.text(), HTML: html.String(), Unsubscribe: l.stop}, nil
}

// subject names the one thing, or counts them.
func (l letter) subject() string {
	if len(l.digest.Objects) == 1 {
		return l.p.T("follow.mail.subject.one", "News of “{title}”", "title", l.title(l.digest.Objects[0].Entry).S)
	}
	return l.p.N("follow.mail.subject", len(l.digest.Objects), "News of {n} thing you follow", "News of {n} things you follow")
}

func (l letter) title(e entry.Entry) lang.Rendering { return e.Title().In(l.p.Lang()) }

func (l letter) href(e entry.Entry) string {
	if k, ok := l.kinds[e.Kind]; ok && k.Path != nil {
		return l.base + k.Path(e.ID)
	}
	return l.base + "/lineage/" + e.ID
}

func (l letter) kind(k feature.Kind) string { return l.p.Say(k.One) }

// found says which searches found it, "" where it was followed itself.
func (l letter) found(o Object) string {
	var names []string
	for _, x := range o.Found {
		names = append(names, x.Name)
	}
	if len(names) == 0 {
		return ""
	}
	return l.p.T("follow.found", "Found by your search: {searches}", "searches", strings.Join(names, " · "))
}

// deeds joins what was done, each with who did it.
func (l letter) deeds(i Item) string {
	var parts []string
	for _, d := range i.Deeds {
		said := l.p.Say(d.What)
		if d.By != "" {
			said = l.p.T("follow.mail.by", "{what} ({organisation})", "what", said, "organisation", d.By)
		}
		parts = append(parts, said)
	}
	return strings.Join(parts, " · ")
}

// mark says of a text that is not the original in the reader's language what it is.
func (l letter) mark(r lang.Rendering) string {
	switch {
	case r.Missing:
		return l.p.T("follow.mail.original", "Written in {language}. Not translated yet.", "language", l.p.Language(r.Lang))
	case r.Stale:
		return l.p.T("follow.mail.stale", "The original has changed since this translation.")
	}
	return ""
}

func (l letter) label(x Piece) string {
	if x.Name != "" {
		return x.Name
	}
	return l.p.Say(x.Label)
}

// why says why the mail came and how to end it.
func (l letter) why() string {
	if l.anonymous {
		return l.p.T("follow.mail.why-address", "You confirmed on {site} that you want to be told. To stop, or to be told less often:", "site", l.site)
	}
	return l.p.T("follow.mail.why", "You follow this on {site}. To stop, or to be told less often:", "site", l.site)
}

// text is the plain form of the mail: what every reader can open.
func (l letter) text() string {
	var b strings.Builder
	for _, o := range l.digest.Objects {
		b.WriteString("== " + l.title(o.Entry).S + " ==\n" + l.kind(o.Kind) + "\n" + l.href(o.Entry) + "\n")
		if found := l.found(o); found != "" {
			b.WriteString(found + "\n")
		}
		for _, i := range o.Items {
			b.WriteByte('\n')
			if i.Entry.ID != o.Entry.ID {
				b.WriteString("* " + l.kind(i.Kind) + ": " + l.title(i.Entry).S + "\n  " + l.href(i.Entry) + "\n")
			}
			b.WriteString(l.deeds(i) + "\n")
			for _, x := range i.Pieces {
				b.WriteString("\n" + l.label(x) + "\n" + quoted(x.Text.S))
				if mark := l.mark(x.Text); mark != "" {
					b.WriteString("(" + mark + ")\n")
				}
			}
		}
		b.WriteString("\n\n")
	}
	if l.digest.More {
		b.WriteString(l.p.T("follow.mail.more", "There was more than fits in one mail.") + "\n" + l.all + "\n\n")
	}
	b.WriteString("-- \n" + l.why() + "\n" + l.stop + "\n")
	return b.String()
}

// quoted sets a text apart, as mail programs show it.
func quoted(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		b.WriteString("> " + strings.TrimRight(line, "\r\n") + "\n")
	}
	return b.String()
}
