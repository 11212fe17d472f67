package app

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// certificates gets, keeps and renews the certificate of the host of --origin
// (ACME, RFC 8555). An authority asks back over https itself (TLS-ALPN-01) or
// over plain http (HTTP-01).
func (c Config) certificates() (*autocert.Manager, error) {
	origin, err := url.Parse(c.Origin)
	if err != nil || origin.Scheme != "https" || !strings.Contains(origin.Hostname(), ".") || net.ParseIP(origin.Hostname()) != nil {
		return nil, fmt.Errorf("--tls needs in --origin the address that visitors see, with https and a name, such as https://alliance.example.org; it is %q", c.Origin)
	}
	return &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		HostPolicy: autocert.HostWhitelist(origin.Hostname()),
		Cache:      autocert.DirCache(c.certificateFolder()),
		Email:      c.TLSMail,
		Client:     &acme.Client{DirectoryURL: c.TLSAuthority, HTTPClient: c.Authority, UserAgent: "alliance/" + Version},
	}, nil
}

// plain answers on the port of http: what the authority asks, and the way to https.
func plain(m *autocert.Manager, origin string) *http.Server {
	onward := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "Use https.", http.StatusBadRequest)
			return
		}
		to := origin + "/"
		if strings.HasPrefix(r.URL.Path, "/") { // an address may be x:.elsewhere.example, which would go on after the name of the host
			to = origin + r.URL.RequestURI()
		}
		http.Redirect(w, r, to, http.StatusPermanentRedirect) // #nosec G710 -- origin is a setting, and what follows begins with a slash
	})
	return &http.Server{Handler: m.HTTPHandler(onward), ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, MaxHeaderBytes: 8 << 10}
}
