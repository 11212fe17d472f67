package mail

import (
	"context"
	"fmt"
	"io"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"sync"
)

// folder keeps mails as files, where no mail server is configured.
type folder struct {
	dir     string
	from    *mail.Address
	mu      sync.Mutex
	console io.Writer
}

func openFolder(dir string, from *mail.Address, console io.Writer) (*folder, error) {
	if dir == "" {
		return nil, fmt.Errorf("mail: neither a server nor a folder for mails")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	if console == nil {
		console = io.Discard
	}
	return &folder{dir: dir, from: from, console: console}, nil
}

var link = regexp.MustCompile(`https?://[^\s<>"]+`)

// Send writes the letter to a file that mail programs open, and prints a line.
// The name follows the identifier: a repetition replaces the file.
func (f *folder) Send(_ context.Context, l Letter, e Envelope) error {
	raw, err := compose(f.from, l, e)
	if err != nil {
		return err
	}
	name := filepath.Join(f.dir, filepath.Base(l.ID)+".eml")
	if err := os.WriteFile(name+".part", raw, 0o600); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	if err := os.Rename(name+".part", name); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err = fmt.Fprintf(f.console, "mail  %s  %s  %s\n", l.To, line(l.Subject), line(link.FindString(l.Text)))
	return err
}
