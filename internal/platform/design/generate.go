// Pictures, font and land come from npm packages.
//
//go:generate go run ./generate
package design
