package app

import (
	"context"
	"fmt"
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
	what, err := s.bounce(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "alliance:", err)
		os.Exit(75)
	}
	fmt.Fprintln(s.Console, what)
	return nil
}

func (s *bounceCommand) bounce(ctx context.Context) (what string, err error) {
	if err := s.mustExist(); err != nil {
		return "", err
	}
	d, err := db.Open(ctx, s.Database)
	if err != nil {
		return "", err
	}
	defer d.Close()
	key, err := seal.Load(s.Key, s.folder())
	if err != nil {
		return "", err
	}
	return mail.Book{Key: key, Address: s.MailBack}.Take(ctx, d, os.Stdin, s.To)
}
