# What one does with Alliance. `make` alone lists it.
#
#   make run     build, open the demonstration on http://127.0.0.1:8080
#   make build   bin/alliance, one file without dependencies, and the list of what it is made of (SBOM)
#   make test    everything: generated files, lint, units, properties, SQLite and PostgreSQL, a real browser
#   make check   only the quick part: generated files, gofmt, vet, staticcheck
#   make secure  what is suspicious in the program's own code, by gosec's rules
#   make deb     a Debian package in out/, with a unit for systemd
#   make bench   speed, as a table
#   make pictures  take the pictures of the help pages from the demonstration
#   make generate  write the generated files anew (templates, data taken from npm packages)
#   make need    tells what tests still need on this machine, and how to install it
#
# Building needs Go alone. Tests also need Chromium, PostgreSQL, Java and the
# npm packages of npm/package-lock.json; none of them is ever skipped in silence.

SHELL   := /bin/bash
.SHELLFLAGS := -euo pipefail -c
GO      ?= go
LISTEN  ?= 127.0.0.1:8080
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
TOOL    := $(GO) tool -modfile=tools/go.mod
# Which packages `make test` runs, and with which flags: make test PACKAGES=./internal/platform/... TESTFLAGS=-v
PACKAGES  ?= ./...
TESTFLAGS ?= -timeout 60m

.PHONY: help build run deb test check generate pictures bench nodes need packages secure vulnerabilities clean

help:
	@sed -n '2,/^$$/s/^# \{0,1\}//p' Makefile

build:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/alliance ./cmd/alliance
	bin/alliance version --sbom > bin/alliance.cdx.json

run: build
	@scripts/open-when-ready http://$(LISTEN) & exec bin/alliance demo --listen $(LISTEN)

deb: build
	scripts/deb

test: packages need check
	$(GO) run ./internal/housetest/postgres/cmd $(GO) test -vet=off $(TESTFLAGS) $(PACKAGES)

check:
	@scripts/fresh $(MAKE) --no-print-directory generate
	@left=$$(gofmt -l cmd internal tools); if [ -n "$$left" ]; then echo "gofmt would change:"; echo "$$left"; exit 1; fi
	$(GO) vet ./...
	$(TOOL) staticcheck ./...

generate:
	GO=$(GO) scripts/pages
	$(GO) generate ./...

# Two nodes on one PostgreSQL, killed while people write and vote, for some minutes.
nodes: build
	$(GO) run ./internal/housetest/nodes/cmd $(NODESFLAGS)

pictures: build
	$(GO) run ./internal/housetest/pictures

bench: build
	$(GO) run ./internal/housetest/bench $(BENCHFLAGS)

need:
	@scripts/need

# The npm packages that generators and tests read, exactly as locked.
packages: npm/node_modules/.package-lock.json

npm/node_modules/.package-lock.json: npm/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or newer (Debian: apt-get install nodejs npm)"; exit 1; }
	cd npm && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

# gosec's rules about every package of the program; what a single place answers to
# them stands in its line. Not part of the tests: CI asks.
secure:
	@$(GO) run -C tools ./gosec ..

# Asks a copy of the Go vulnerability database beside the project, or the public
# one over the network; not part of the tests.
vulnerabilities:
	@scripts/vulnerabilities

clean:
	rm -rf bin out
