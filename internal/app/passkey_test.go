package app_test

import (
	"strings"
	"testing"

	"alliance/internal/housetest"
	"alliance/internal/housetest/browser"
	"alliance/internal/platform/db"
)

// TestPasskeyInABrowser makes a passkey and comes in with it, in a real browser
// under our policy for scripts; without scripts, the page says what else there is.
func TestPasskeyInABrowser(t *testing.T) {
	h := housetest.New(t, db.SQLite)
	at := strings.Replace(h.Server.URL, "127.0.0.1", "localhost", 1)
	p := h.Person("Rosa")
	tab := browser.New(t, "fr")
	device := tab.Authenticator()
	tab.SetCookies(at, h.As(p.ID, "").Cookies()...)
	tab.Open(at + "/fr/me/security/passkeys/new")
	tab.Fill("name", "Mon téléphone")
	tab.Click("Créer la clé d’accès")
	tab.WaitText("h1", "Vos codes de secours")
	if device.Passkeys() != 1 {
		t.Fatalf("%d passkeys", device.Passkeys())
	}
	// A second one in the same device is not made.
	tab.Open(at + "/fr/me/security/passkeys/new")
	tab.Click("Créer la clé d’accès")
	tab.WaitText("[role=status]", "déjà une clé d’accès")

	tab.Open(at + "/fr/me/security")
	tab.WaitText("main", "Mon téléphone")
	tab.Click("Se déconnecter")
	tab.Open(at + "/fr/sign-in?then=/me/security")
	device.Verifies(false)
	tab.Click("Se connecter avec une clé d’accès")
	tab.WaitText("[role=status]", "Rien n’a été montré")
	device.Verifies(true)
	device.Forges(true)
	tab.Click("Se connecter avec une clé d’accès")
	tab.WaitText("[data-error-summary]", "ne compte pas ici")
	device.Forges(false)
	tab.Click("Se connecter avec une clé d’accès")
	tab.WaitText("h1", "Sécurité de mon compte")
	tab.WaitText("main", "Avec second facteur")
	if errors := tab.Errors(); len(errors) > 0 {
		t.Error(errors)
	}

	// At an address of numbers, and without scripts: no dead button.
	plain := browser.New(t, "fr")
	plain.Open(h.Server.URL + "/fr/sign-in")
	if strings.Contains(plain.Text("main"), "Se connecter avec une clé d’accès") {
		t.Error("a passkey is offered where browsers make none")
	}
	plain.WaitText("main", "prenez votre mot de passe")
	plain.NoScripts()
	plain.Open(at + "/fr/sign-in")
	plain.WaitText("main", "prenez votre mot de passe")
}
