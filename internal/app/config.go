package app

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/alecthomas/kong"

	"alliance/internal/platform/backup"
	"alliance/internal/platform/logline"
)

// Config is everything that can be chosen from outside: flags, or the
// environment variable beside each.
type Config struct {
	Database string `help:"Where the data lives: sqlite:PATH or postgres://…" default:"sqlite:alliance.db" env:"ALLIANCE_DATABASE"`
	Replica  string `help:"A PostgreSQL that follows the one of --database (hot standby), such as postgres://reader@replica.example.org/alliance. Pages for visitors are read there while it has all that is written." env:"ALLIANCE_REPLICA"`
	Listen   string `help:"Address to listen on." default:"127.0.0.1:8080" env:"ALLIANCE_LISTEN"`
	Origin   string `help:"Address as visitors see it, such as https://alliance.example.org. Links in mails begin with it; with https, cookies are sent over https only." env:"ALLIANCE_ORIGIN"`
	Files    string `help:"Folder of uploaded files. Default: beside the SQLite file." env:"ALLIANCE_FILES" type:"path"`
	Bucket   string `help:"S3-compatible storage for uploaded files, in place of the folder, so that several nodes share it: s3://KEY:SECRET@HOST/NAME?region=REGION" env:"ALLIANCE_BUCKET"`
	Mail     string `help:"SMTP server, such as smtp://user:password@mail.example.org:587; STARTTLS is required unless ?starttls=optional follows. Without one, mails are written to a folder and shown on the console." env:"ALLIANCE_MAIL"`
	MailFrom string `help:"Sender of mails." env:"ALLIANCE_MAIL_FROM"`
	MailBack string `name:"mail-back" help:"Where mails come back that could not be delivered, such as bounce@example.org: the mail server hands what arrives at bounce+…@example.org to: alliance bounce." env:"ALLIANCE_MAIL_BACK"`

	Proxies string `help:"Addresses of the proxies in front, such as 127.0.0.1 or 10.0.0.0/8, with commas. What they say of a visitor's address counts; nobody else's word does." env:"ALLIANCE_PROXIES"`
	Key     string `help:"Key of the house, 32 bytes in base64: seals what must not be read in the database. Default: house.key in the folder of files, made at the first start. All nodes need the same." env:"ALLIANCE_KEY"`

	TLS          bool   `help:"Answer https on --listen (such as :443), with a certificate for the host of --origin that the program gets and renews by itself (ACME)." env:"ALLIANCE_TLS"`
	TLSHTTP      string `name:"tls-http" help:"With --tls: where plain http is answered, for the authority and to lead visitors to https; empty: nowhere." default:":80" env:"ALLIANCE_TLS_HTTP"`
	TLSMail      string `name:"tls-mail" help:"With --tls: where the authority may write to." env:"ALLIANCE_TLS_MAIL"`
	TLSAuthority string `name:"tls-authority" help:"With --tls: directory of the authority. Default: Let's Encrypt." env:"ALLIANCE_TLS_AUTHORITY"`

	Backup        string        `help:"Folder for backups, or S3-compatible storage: s3://KEY:SECRET@HOST/NAME?region=REGION. With it, the program takes them by itself." env:"ALLIANCE_BACKUP"`
	BackupTo      string        `help:"Public key the backups are encrypted to (age1…), several with commas, or a file with them. Make one with: alliance key FILE." env:"ALLIANCE_BACKUP_TO"`
	BackupPlain   bool          `help:"Do not encrypt backups: whoever has one can read it." env:"ALLIANCE_BACKUP_PLAIN"`
	BackupEvery   time.Duration `help:"How often." default:"24h" env:"ALLIANCE_BACKUP_EVERY"`
	BackupKeep    string        `help:"Which stay: the newest of so many days, weeks and months; or all." default:"7d 5w 6m" env:"ALLIANCE_BACKUP_KEEP"`
	RehearseEvery time.Duration `help:"How often restoring is rehearsed by itself, where backups are not encrypted." default:"168h" env:"ALLIANCE_REHEARSE_EVERY"`
	BackedUp      bool          `help:"There is a backup: a new version may change the PostgreSQL database." env:"ALLIANCE_BACKED_UP"`

	LogForm      string `name:"log" help:"Form of the lines of the log: text, or json for programs. Nobody's address, name or secret stands in it." enum:"text,json" default:"text" env:"ALLIANCE_LOG"`
	Metrics      string `help:"Address at which /metrics answers with numbers for Prometheus, such as 127.0.0.1:9600. An address others can reach needs --metrics-token." env:"ALLIANCE_METRICS"`
	MetricsToken string `help:"Who asks for the numbers must show this token (Authorization: Bearer)." env:"ALLIANCE_METRICS_TOKEN"`
	Traces       string `help:"Collector of OpenTelemetry that gets how long requests and work took, such as http://127.0.0.1:4318." env:"ALLIANCE_TRACES"`

	Timing bool `help:"Say in a header how long each answer took: for measuring." hidden:"" env:"ALLIANCE_TIMING"`

	TXT       func(ctx context.Context, name string) ([]string, error) `kong:"-"` // asks the DNS; nil: as this machine does
	Authority *http.Client                                             `kong:"-"` // how the authority of certificates is reached; nil: as any site
	Reading   bool                                                     `kong:"-"` // nothing is changed: no jobs, no migration
	Still     bool                                                     `kong:"-"` // jobs wait until they are told (Jobs.Drain): for tests
	Demo      bool                                                     `kong:"-"` // fill with the demonstration and let anyone step into a role
	DemoKept  bool                                                     `kong:"-"` // with it, take backups: see demoBackups
	Log       *slog.Logger                                             `kong:"-"`
	Console   io.Writer                                                `kong:"-"`
}

func (c *Config) defaults() {
	if c.Log == nil {
		c.Log = logline.New(os.Stderr, c.LogForm, slog.LevelInfo)
	}
	c.Log = slog.New(logline.Blot(c.Log.Handler()))
	if c.Console == nil {
		c.Console = os.Stdout
	}
	if c.BackupEvery <= 0 {
		c.BackupEvery = 24 * time.Hour
	}
	if c.RehearseEvery <= 0 {
		c.RehearseEvery = 7 * 24 * time.Hour
	}
	if c.Backup != "" && !backup.Elsewhere(c.Backup) {
		c.Backup = kong.ExpandPath(c.Backup)
	}
	if c.BackupKeep == "" {
		c.BackupKeep = "7d 5w 6m"
	}
}

// Version of the program; set by the linker.
var Version = "development"
