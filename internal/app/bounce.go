package app

import (
	"context"
	"fmt"
	"io"
	"os"

	"alliance/internal/platform/db"
	"alliance/internal/platform/mail"
	"alliance/internal/platform/seal"
)

type bounceCommand struct {
	To     string `help:"The address the mail arrived at; by default its own headers tell."`
	Config `embed:""`
}

// Run reads one mail from a mail server. Whatever the mail is, the server gets
// an end without an error: it would write another report about it. Only when
// the database does not answer it is asked to try again (sysexits: 75).
func (s *bounceCommand) Run(ctx context.Context) error {
	s.defaults()
	what, err := s.Bounce(ctx, os.Stdin, s.To)
	if err != nil {
		fmt.Fprintln(os.Stderr, "alliance:", err)
		os.Exit(75)
	}
	fmt.Fprintln(s.Console, what)
	return nil
}

// Bounce reads a report about a mail of the house that c describes, and tells
// what it was worth. to is the address it arrived at; "" = its headers tell.
func (c Config) Bounce(ctx context.Context, r io.Reader, to string) (what string, err error) {
	if err := c.mustExist(); err != nil {
		return "", err
	}
	d, err := db.Open(ctx, c.Database)
	if err != nil {
		return "", err
	}
	defer d.Close()
	if _, err := os.Stat(c.keyFile()); c.Key == "" && err != nil {
		return "", fmt.Errorf("the key of the house is not at %s", c.keyFile()) // a new one would know no letter
	}
	key, err := seal.Load(c.Key, c.folder())
	if err != nil {
		return "", err
	}
	return mail.Book{Key: key, Address: c.MailBack}.Take(ctx, d, r, to)
}
