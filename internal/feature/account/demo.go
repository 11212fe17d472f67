package account

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"net/url"

	"alliance/internal/platform/access"
	"alliance/internal/platform/db"
	"alliance/internal/platform/demo"
	"alliance/internal/platform/id"
	"alliance/internal/platform/passkey"
	"alliance/internal/platform/people"
	"alliance/internal/platform/web"
)

// DemoProvider is the site where a city of the demonstration keeps its accounts.
// The city is invented, and so is the site: nobody is ever asked there.
var DemoProvider = id.Named("demo/provider")

// inventedPath is what stands in its place; it is there in the demonstration only.
const inventedPath = "/demo/provider"

// demo lets the city of the first delegate have such a site, and that delegate an
// account there and a passkey. The private half of the key is thrown away: it
// shows the page, and opens nothing.
func (a *Account) demo(ctx context.Context, tx *db.Tx) error {
	city, delegate := demo.Invented()[0], demo.People()[0]
	p := Provider{ID: DemoProvider, Name: city.Name, Issuer: "https://comptes.port-oriane.example", Client: "alliance", Domains: []string{"port-oriane.example"}}
	p.sealed = a.Key.Seal(providerSecret, p.ID, []byte(id.Secret(16)))
	if err := putProvider(ctx, tx, p); err != nil {
		return err
	}
	if err := link(ctx, tx, p.ID, id.Secret(16), demo.PersonID(delegate.ID)); err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	_, err = people.KeepPasskey(ctx, tx, people.Passkey{Person: demo.PersonID(delegate.ID), Name: "Mon téléphone (inventé)", Public: passkey.Public{Key: passkey.Key{Credential: []byte(id.Secret(16))}, PKIX: public, Synced: true}})
	return err
}

func (a *Account) demoPages(r *web.Router) {
	r.Get(inventedPath, access.Everyone, a.invented)
}

// invented says what would happen at the invented site.
func (a *Account) invented(c *web.Ctx) error {
	p, err := providerByID(c.Context(), c.DB, DemoProvider)
	if err != nil {
		return err
	}
	u, err := url.Parse(p.Issuer)
	if err != nil {
		return err
	}
	return c.Page(inventedView(c.View, leavePage{Name: p.Name, Host: u.Host}))
}
