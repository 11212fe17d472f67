package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"alliance/internal/platform/db"
	"alliance/internal/platform/job"
)

// Envelope is what a letter travels in.
type Envelope struct {
	Return string  // where it comes back to; "" = to the sender
	Sign   *Signer // nil: it is not signed here
}

// Sender brings a letter on its way. It gives job.Hopeless for what no further
// attempt will mend, and Refused for what the other side said of the address.
type Sender interface {
	Send(ctx context.Context, l Letter, e Envelope) error
}

// Refused is a server's final word on a recipient.
type Refused struct {
	Code   int    // of SMTP
	Status string // enhanced (RFC 3463), "" = none was given
}

func (r *Refused) Error() string {
	return fmt.Sprintf("mail: the server refuses this recipient (%d %s)", r.Code, r.Status)
}

// Outbox sends the letters that wait.
type Outbox struct {
	DB     *db.DB
	Book   Book
	Sender Sender
	// Domain is whose letters are signed, with a key made at need; "" = none are.
	Domain string

	signing sync.Mutex
	signer  *Signer
}

// Register lets the runner send the outbox.
func (o *Outbox) Register(r *job.Runner) {
	r.Handle(Kind, o.send)
	r.Every("mail.sweep", 24*time.Hour, func(ctx context.Context) error { return sweep(ctx, o.DB) })
}

func (o *Outbox) send(ctx context.Context, data []byte) error {
	var l Letter
	if err := json.Unmarshal(data, &l); err != nil {
		return job.Hopeless(fmt.Errorf("mail: %w", err))
	}
	if err := l.check(); err != nil {
		return job.Hopeless(err)
	}
	if may, err := o.note(ctx, l); err != nil || !may {
		return err
	}
	e := Envelope{Return: o.Book.Return(l.ID)}
	var err error
	if e.Sign, err = o.sign(ctx); err != nil {
		return err
	}
	err = o.Sender.Send(ctx, l, e)
	var refused *Refused
	if err != nil && !errors.As(err, &refused) {
		return err
	}
	noted := o.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		if refused == nil {
			return count(ctx, tx, Sent)
		}
		return o.Book.back(ctx, tx, l.ID, o.Book.mark(l.To), judgeReply(refused.Code, refused.Status), refused.Status)
	})
	if refused != nil {
		return errors.Join(err, noted)
	}
	_ = noted // it has left: what is only counted does not send it twice
	return nil
}

// note tells whether a letter may go, and remembers whose it is for reports to come.
func (o *Outbox) note(ctx context.Context, l Letter) (may bool, err error) {
	mark := o.Book.mark(l.To)
	stop, err := stopOf(ctx, o.DB, mark)
	if err != nil {
		return false, err
	}
	may = stop.Since == 0 || l.Asked
	if may && o.Book.Address == "" {
		return true, nil
	}
	return may, o.DB.Do(ctx, func(ctx context.Context, tx *db.Tx) error {
		if !may {
			return count(ctx, tx, Withheld)
		}
		_, err := tx.Exec(ctx, `INSERT INTO mail_sent (letter, mark, at) VALUES ($1,$2,$3) ON CONFLICT DO NOTHING`, l.ID, mark, tx.Now())
		return err
	})
}

func (o *Outbox) sign(ctx context.Context) (*Signer, error) {
	if o.Domain == "" {
		return nil, nil
	}
	o.signing.Lock()
	defer o.signing.Unlock()
	if o.signer != nil {
		return o.signer, nil
	}
	var err error
	o.signer, err = MakeSigner(ctx, o.DB, o.Book.Key, o.Domain)
	return o.signer, err
}
