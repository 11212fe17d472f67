// Command alliance is the instrument of an alliance: see internal/app.
package main

import (
	"os"

	"alliance/internal/app"
)

var version string // set by the linker

func main() { os.Exit(app.Run(os.Args[1:], version)) }
