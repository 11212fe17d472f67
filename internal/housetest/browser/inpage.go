package browser

import _ "embed"

// inpage is the part of the checks that runs inside the page.
//
//go:embed inpage.js
var inpage string
